# SPDX-License-Identifier: MIT
# Installs the tree in BUILD into FOLDER/installed, and builds and runs the project in SOURCE with it, in FOLDER/consumer.
cmake_minimum_required(VERSION 3.25)

# The consumer's own Eigen code makes g++ 12 warn of AVX-512 intrinsics (its bug 105593): not our build's flags for it.
string(REGEX REPLACE "-Werror|-march=native" "" FLAGS "${FLAGS}")

file(REMOVE_RECURSE ${FOLDER}/installed ${FOLDER}/consumer)

execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${FOLDER}/installed
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${FOLDER}/consumer -G ${GENERATOR} -D CMAKE_PREFIX_PATH=${FOLDER}/installed
    -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS} -D HAS_ALL=${HAS_ALL}
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${FOLDER}/consumer COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${FOLDER}/consumer/consumer COMMAND_ERROR_IS_FATAL ANY)
if(HAS_ALL)
  execute_process(COMMAND ${FOLDER}/consumer/consumer_all COMMAND_ERROR_IS_FATAL ANY)
endif()

# census::census alone needs no BLAS.
file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${FOLDER}/consumer/consumer
  RESOLVED_DEPENDENCIES_VAR libraries UNRESOLVED_DEPENDENCIES_VAR unresolved)
foreach(library IN LISTS libraries unresolved)
  if(library MATCHES "blas|lapack")
    message(FATAL_ERROR "a program of census::census alone was linked to ${library}")
  endif()
endforeach()
