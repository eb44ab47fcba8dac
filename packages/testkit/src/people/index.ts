export { drawPerson, type DrawnPerson, type FaceGeometry } from './person.js';
export { drawPortrait } from './portrait.js';
export { drawGroup } from './group.js';
export { drawScene } from './scene.js';
