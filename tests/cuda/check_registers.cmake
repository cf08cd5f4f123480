# SPDX-License-Identifier: MIT
# Usage: cmake -D NVCC=<compiler> -D INCLUDE=<include folder> -D ARCHITECTURES=80+90 -P check_registers.cmake
# Compiles the kernels for each architecture with -Xptxas -v, prints the registers and the stack of each, and fails where one spills
# registers to memory: it would be slow, and correct, so no other test sees it.
cmake_minimum_required(VERSION 3.25)

string(REPLACE "+" ";" architectures "${ARCHITECTURES}")
set(spilling "")
foreach(architecture IN LISTS architectures)
  execute_process(COMMAND ${NVCC} -O3 -I ${INCLUDE} -arch=sm_${architecture} -Xptxas -v -cubin -o /dev/null ${INCLUDE}/census/cuda/kernels.cu
    OUTPUT_VARIABLE said ERROR_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
  # For each kernel: its name, then a line of stack and spills, then one of registers; a semicolon would end an item of a list.
  string(REPLACE ";" "," said "${said}")
  string(REGEX MATCHALL "Compiling entry function '[^']*'|[0-9]+ bytes stack frame, [^\n]*|Used [0-9]+ registers" facts "${said}")
  set(kernels 0)
  foreach(fact IN LISTS facts)
    if(fact MATCHES "function '(.*)'")
      set(kernel ${CMAKE_MATCH_1})
      math(EXPR kernels "${kernels} + 1")
    elseif(fact MATCHES "^([0-9]+) bytes stack frame, ([0-9]+) bytes spill stores, ([0-9]+) bytes spill loads")
      set(stack ${CMAKE_MATCH_1})
      if(CMAKE_MATCH_2 GREATER 0 OR CMAKE_MATCH_3 GREATER 0)
        list(APPEND spilling "\n  ${kernel} on sm_${architecture}: ${fact}")
      endif()
    elseif(fact MATCHES "Used ([0-9]+)")
      message(STATUS "sm_${architecture} ${kernel}: ${CMAKE_MATCH_1} registers, ${stack} bytes of stack")
    endif()
  endforeach()
  if(kernels EQUAL 0)
    message(FATAL_ERROR "ptxas named no kernel for sm_${architecture}: ${said}")
  endif()
endforeach()
if(spilling)
  message(FATAL_ERROR "Kernels spill registers:" ${spilling})
endif()
