{
  'targets': [
    {
      'target_name': 'dlib_node',
      'sources': [
        'native/addon.cc',
        'native/atomic_file.cc',
        'native/dat_reader.cc',
        'native/flat_forest.cc',
        'native/flat_format.cc',
        'native/flatten_model.cc',
        'native/flatten_worker.cc',
        'native/forest_handle.cc',
        'native/mapped_file.cc',
        'native/open_worker.cc',
        'native/predict_worker.cc',
        'native/promise_worker.cc',
        'native/similarity.cc',
      ],
      'dependencies': ["<!(node -p \"require('node-addon-api').targets\"):node_addon_api_except"],
      # dlib ends the process at its second fatal_error unless the last macro is set.
      'defines': ['NAPI_VERSION=9', 'NODE_ADDON_API_DISABLE_DEPRECATED', 'DLIB_NO_ABORT_ON_2ND_FATAL_ERROR'],
      'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-O2'],
      # No contraction into fused multiply-adds: they round once where dlib rounds twice, and another pixel is read.
      'cflags_cc': ['-std=c++17', '-O3', '-ffp-contract=off', '-Wall', '-Wextra', '-fvisibility=hidden'],
    },
  ],
}
