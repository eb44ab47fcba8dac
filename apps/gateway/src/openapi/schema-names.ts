import {
  enrolResultSchema,
  eraseResultSchema,
  healthSchema,
  jobListSchema,
  jobSchema,
  keyChangeSchema,
  keyListSchema,
  keyResourceSchema,
  keyWithSecretSchema,
  modelResourceSchema,
  newKeySchema,
  photoListSchema,
  photoResourceSchema,
  problemSchema,
  recognizedFaceSchema,
  recognizeResultSchema,
  refusedPhotoSchema,
  rotateKeySchema,
  subjectChangeSchema,
  subjectListSchema,
  subjectResourceSchema,
  trainResultSchema,
} from '@facehash/contracts';
import type { z } from 'zod';

/** Schemas of answers, by the names they have in the document. */
export const ANSWER_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  Job: jobSchema,
  JobList: jobListSchema,
  RecognizeResult: recognizeResultSchema,
  RecognizedFace: recognizedFaceSchema,
  TrainResult: trainResultSchema,
  RefusedPhoto: refusedPhotoSchema,
  EnrolResult: enrolResultSchema,
  EraseResult: eraseResultSchema,
  Subject: subjectResourceSchema,
  SubjectList: subjectListSchema,
  Photo: photoResourceSchema,
  PhotoList: photoListSchema,
  Model: modelResourceSchema,
  Key: keyResourceSchema,
  KeyWithSecret: keyWithSecretSchema,
  KeyList: keyListSchema,
  Health: healthSchema,
  Problem: problemSchema,
};

/** Schemas of request bodies. They are others than those of answers: what has a default need not be sent. */
export const BODY_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  NewKey: newKeySchema,
  KeyChange: keyChangeSchema,
  KeyRotation: rotateKeySchema,
  SubjectChange: subjectChangeSchema,
};
