/** Who may import whom (docs/architecture.md). */
const forbid = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: to },
});

/** Tests, and what they alone import. */
const FOR_TESTS = '(\\.test\\.ts$|/src/testing/)';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@tensorflow/tfjs-node' },
    },
    forbid(
      'contracts-import-nothing',
      '^packages/contracts/',
      '^(packages/(?!contracts)|apps)/',
      'contracts know nobody',
    ),
    forbid(
      'jobs-know-contracts-only',
      '^packages/jobs/',
      '^(packages/(?!jobs|contracts)|apps)/',
      'queues know no pixels and no storage',
    ),
    forbid(
      'storage-knows-contracts-only',
      '^packages/storage/',
      '^(packages/(?!storage|contracts)|apps)/',
      'storage knows no queues',
    ),
    forbid(
      'client-knows-contracts-only',
      '^packages/client/',
      '^(packages/(?!client|contracts)|apps)/',
      'the client knows the server by HTTP',
    ),
    {
      name: 'client-knows-types-only',
      comment: "schemas and node:* would land in every browser's bundle",
      severity: 'error',
      from: { path: '^packages/client/', pathNot: FOR_TESTS },
      to: {
        path: '^(packages/contracts/|node:|node_modules/|[a-z_]+$)',
        pathNot: '^packages/client/',
        dependencyTypesNot: ['type-only'],
      },
    },
    forbid(
      'dlib-is-a-leaf',
      '^packages/dlib-node/',
      '^(packages/(?!dlib-node|contracts)|apps)/',
      "it speaks dlib's terms",
    ),
    forbid(
      'keras-files-are-a-leaf',
      '^packages/keras-files/',
      '^(packages/(?!keras-files|contracts)|apps)/',
      'bytes in, bytes out, and nothing computes',
    ),
    forbid(
      'models-know-their-files',
      '^packages/keras-models/',
      '^(packages/(?!keras-models|keras-files|contracts)|apps)/',
      'models see numbers only',
    ),
    forbid(
      'sface-is-a-leaf',
      '^packages/sface/',
      '^(packages/(?!sface|contracts)|apps)/',
      'aligned faces in, numbers out',
    ),
    forbid(
      'vision-knows-dlib-and-sface',
      '^packages/vision/',
      '^(packages/(?!vision|contracts|dlib-node|sface)|apps)/',
      'pixels in, numbers out',
    ),
    forbid(
      'gateway-decodes-nothing',
      '^apps/gateway/',
      '^packages/(vision|dlib-node|sface|keras-models)/',
      'a native crash must not take the front door',
    ),
    forbid('apps-are-processes', '^apps/([^/]+)/', '^apps/(?!$1)', 'apps meet through Redis and storage'),
    {
      name: 'testkit-is-for-tests',
      comment: 'no product code draws people',
      severity: 'error',
      from: { path: '^(apps|packages/(?!testkit))', pathNot: FOR_TESTS },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'testing-is-for-tests',
      comment: 'what starts a service for tests reaches no product code either',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: FOR_TESTS },
      to: { path: '^(apps|packages)/[^/]+/src/testing/' },
    },
    forbid(
      'bullmq-in-one-place',
      '^(apps|packages/(?!jobs))',
      'node_modules/bullmq',
      'only jobs knows the queue library',
    ),
    forbid(
      'metrics-are-a-leaf',
      '^packages/metrics/',
      '^(packages/(?!metrics)|apps)/',
      'numbers by name, nobody else',
    ),
    forbid(
      'prom-client-in-one-place',
      '^(apps|packages/(?!metrics))',
      'node_modules/prom-client',
      'one file to replace',
    ),
    {
      name: 'through-exports-only',
      comment: 'a package is imported by its name, never by a path into it',
      severity: 'error',
      from: { path: '^(apps|packages)/([^/]+)/' },
      to: { path: '^(apps|packages)/(?!$2/)[^/]+/src/(?!index\\.ts$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|build)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'require', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
