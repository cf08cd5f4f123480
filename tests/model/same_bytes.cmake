# SPDX-License-Identifier: MIT
# Runs PROGRAM under several settings of OpenBLAS's threads, which it reads when it is loaded: it must print the same each time.
foreach(setting OPENBLAS_NUM_THREADS=1 OPENBLAS_NUM_THREADS=2 OPENBLAS_NUM_THREADS=4 CENSUS_NO_SETTING=1)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env ${setting} ${PROGRAM} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
  message(STATUS "${setting}: ${printed}")
  if(DEFINED first AND NOT first STREQUAL printed)
    message(FATAL_ERROR "the activations depend on OpenBLAS's threads")
  endif()
  set(first "${printed}")
endforeach()
