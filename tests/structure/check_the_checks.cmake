# SPDX-License-Identifier: MIT
# Usage: cmake -D CHECKS=<check_headers.cmake> -D FOLDER=<scratch folder> -P check_the_checks.cmake
# Writes small projects with one thing wrong in each, and demands that check_headers.cmake says so.
cmake_minimum_required(VERSION 3.25)

set(head "// SPDX-License-Identifier: MIT\n#pragma once\n")

# Writes a project whose one header, PATH, holds CONTENT, and demands that CHECK says ANSWER.
function(expect check path content answer)
  file(REMOVE_RECURSE ${FOLDER})
  file(WRITE ${FOLDER}/include/census/${path} "${content}")
  file(WRITE ${FOLDER}/include/census/token_id.hpp "${head}")
  file(WRITE ${FOLDER}/include/census/weights/tensor.hpp "${head}")
  file(WRITE ${FOLDER}/CMakeLists.txt "target_sources(census INTERFACE FILES include/census/token_id.hpp
    include/census/activation/block.hpp)\ntarget_sources(census_opt INTERFACE FILES include/census/weights/tensor.hpp)\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -D CHECK=${check} -D ROOT=${FOLDER} -P ${CHECKS}
    OUTPUT_VARIABLE said ERROR_VARIABLE said)
  string(REGEX REPLACE "[ \n]+" " " said "${said}")
  string(FIND "${said}" "${answer}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "${check} on ${path} should say \"${answer}\", but says: ${said}")
  endif()
endfunction()

string(REPEAT "// a line\n" 400 many_lines)
foreach(check IN ITEMS listed layered targets form)
  expect(${check} activation/block.hpp "${head}#include <census/token_id.hpp>\n" "${check}: 3 headers")
endforeach()
expect(listed  activation/other.hpp "${head}" "other.hpp is 0 times in the header lists")
expect(layered activation/block.hpp "${head}#include <census/survey/survey.hpp>\n" "activation does not know survey")
expect(layered activation/block.hpp "${head}#include \"block.hpp\"\n" "includes block.hpp: write it from census/ on")
expect(layered model/opt/a.hpp "${head}# include <census/cuda/a.hpp>\n" "includes census/cuda/a.hpp: nothing includes cuda or mpi")
expect(layered model/a.hpp "${head}#include <census/accumulator/named.hpp>\n" "includes census/accumulator/named.hpp: model does not")
expect(layered elsewhere/a.hpp "${head}" "elsewhere/a.hpp has no rule")
expect(targets activation/block.hpp "${head}#include <census/weights/tensor.hpp>\n" "includes census/weights/tensor.hpp of census::opt")
expect(targets activation/block.hpp "${head}#include <nlohmann/json.hpp>\n" "census::census includes nlohmann/json.hpp")
expect(form    activation/block.hpp "#pragma once\n" "does not begin with // SPDX")
expect(form    activation/block.hpp "// SPDX-License-Identifier: MIT\n" "has no #pragma once")
expect(form    activation/block.hpp "${head}${many_lines}" "has 402 lines")
expect(form    activation/block.hpp "// SPDX-License-Identifier: MIT\n// Above 400 lines: a table.\n#pragma once\n${many_lines}" "form: 3 headers")
