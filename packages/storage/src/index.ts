export { inBatches } from './in-batches.js';
export { measureStorage } from './measure-storage.js';
export { isLasting, lastingObjects } from './backup/lasting-objects.js';
export type { LeftOut } from './backup/left-out.js';
export { openRestoration, type Restoration } from './backup/restoration.js';
export { openStorage } from './open-storage.js';
export type { KeptObject, ListedObject, ObjectStorage, PutOptions, StoredObject } from './object-storage.js';
export { adminTokens, type AdminTokens } from './layout/admin-token.js';
export {
  apiKeys,
  keyOfPath,
  type ApiKeys,
  type KeyAndSecret,
  type NewApiKey,
  type Rotation,
} from './layout/api-keys.js';
export { auditLog, type AuditLog } from './layout/audit-log.js';
export { keyErasures, type KeyErasures } from './layout/key-erasures.js';
export { featureTables, type FeatureTables } from './layout/feature-tables.js';
export { mergeTables, withoutPhoto, type FeatureColumns, type FeatureTable } from './layout/feature-table.js';
export {
  models,
  type ModelStatistics,
  type Models,
  type NewModel,
  type StoredModel,
} from './layout/models.js';
export { isNoteOfPhoto, photos, type Photos, type StoredPhoto } from './layout/photos.js';
export {
  dayOf,
  daysAfter,
  daysBetween,
  retentionAgenda,
  type AgendaEntry,
  type AgendaState,
  type RetentionAgenda,
} from './layout/retention-agenda.js';
export { stagedTables, type StagedTables } from './layout/staged-tables.js';
export { subjects, type Subjects } from './layout/subjects.js';
export { uploads, type Uploads } from './layout/uploads.js';
export { webhooks, type Webhooks } from './layout/webhooks.js';
