/** What must be set before a process that loads native vision code starts. */
export const WORKER_SETTINGS = {
  // libuv's pool: one thread for the photo in work, the others for files, DNS and what else shares it.
  UV_THREADPOOL_SIZE: '6',
  // Read when the native code loads; without it garbage collections may end the worker.
  OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING: '1',
};
