# For the preset `cuda`: the CUDA compiler is the one that was asked for; else that of PATH or /usr/local/cuda, where it is 13 or later;
# else that which examples/install_cuda_toolkit.sh got.
if(DEFINED CMAKE_CUDA_COMPILER OR DEFINED ENV{CUDACXX})
  return()
endif()
execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/../examples/install_cuda_toolkit.sh --find
  OUTPUT_VARIABLE census_cuda_toolkit OUTPUT_STRIP_TRAILING_WHITESPACE)
if(census_cuda_toolkit)
  set(CMAKE_CUDA_COMPILER ${census_cuda_toolkit}/bin/nvcc)
  set(CUDAToolkit_ROOT ${census_cuda_toolkit})
endif()
