# Finds the CUDA toolkit, 13 or later, QUIET or REQUIRED as census_cuda_toolkit says. Where a project requires CMake 3.25, the module of CMake
# 3.25.1 (Debian 12) deprecates a target that CUDA 13 does not have any more, and fails.
set(census_required_version ${CMAKE_MINIMUM_REQUIRED_VERSION})
set(CMAKE_MINIMUM_REQUIRED_VERSION 3.24)
find_package(CUDAToolkit 13 ${census_cuda_toolkit})
set(CMAKE_MINIMUM_REQUIRED_VERSION ${census_required_version})
