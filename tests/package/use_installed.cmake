# SPDX-License-Identifier: MIT
# Installs the tree in BUILD into FOLDER/installed, and builds and runs the project in SOURCE with it, in FOLDER/consumer, with the PARTS
# of the package, through the compiler LAUNCHER and with what it is to be configured with in ADDITION; these are lists, joined by +.
cmake_minimum_required(VERSION 3.25)

# The consumer's own Eigen code makes g++ 12 warn of AVX-512 intrinsics (its bug 105593): not our build's flags for it.
string(REGEX REPLACE "-Werror|-march=native" "" FLAGS "${FLAGS}")
string(REPLACE "+" ";" PARTS "${PARTS}")
string(REPLACE "+" ";" LAUNCHER "${LAUNCHER}")
string(REPLACE "+" ";" ADDITION "${ADDITION}")

file(REMOVE_RECURSE ${FOLDER}/installed ${FOLDER}/consumer)

execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${FOLDER}/installed
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${FOLDER}/consumer -G ${GENERATOR} -D CMAKE_PREFIX_PATH=${FOLDER}/installed
    -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS} "-DPARTS=${PARTS}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" ${ADDITION}
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${FOLDER}/consumer COMMAND_ERROR_IS_FATAL ANY)
foreach(part "" _weights _tokenizer _corpus _report _all)
  if(EXISTS ${FOLDER}/consumer/consumer${part})
    execute_process(COMMAND ${FOLDER}/consumer/consumer${part} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()

# What needs no BLAS is linked to none.
foreach(part "" _weights _corpus _report)
  if(NOT EXISTS ${FOLDER}/consumer/consumer${part})
    continue()
  endif()
  file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${FOLDER}/consumer/consumer${part}
    RESOLVED_DEPENDENCIES_VAR libraries UNRESOLVED_DEPENDENCIES_VAR unresolved)
  foreach(library IN LISTS libraries unresolved)
    if(library MATCHES "blas|lapack")
      message(FATAL_ERROR "consumer${part} was linked to ${library}")
    endif()
  endforeach()
endforeach()
