# SPDX-License-Identifier: MIT
# Runs PROGRAM under several settings of OpenBLAS's threads, which it reads when it is loaded: it must print the same each time. With
# LIBRARIES, with the OpenBLAS of that folder too.
function(run)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env ${ARGN} ${PROGRAM} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
  message(STATUS "${ARGN}: ${printed}")
  if(DEFINED first AND NOT first STREQUAL printed)
    message(FATAL_ERROR "the activations depend on OpenBLAS's threads")
  endif()
  set(first "${printed}" PARENT_SCOPE)
endfunction()

run(--unset=OPENBLAS_NUM_THREADS)
foreach(threads 1 2 4)
  run(OPENBLAS_NUM_THREADS=${threads})
  if(LIBRARIES)
    run(LD_LIBRARY_PATH=${LIBRARIES} OMP_NUM_THREADS=${threads})
  endif()
endforeach()
