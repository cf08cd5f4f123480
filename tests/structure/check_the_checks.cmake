# SPDX-License-Identifier: MIT
# Usage: cmake -D CHECKS=<check_headers.cmake> -D FOLDER=<scratch folder> -P check_the_checks.cmake
# Writes small projects with one thing wrong in each, and demands that check_headers.cmake says so.
cmake_minimum_required(VERSION 3.25)

set(head "// SPDX-License-Identifier: MIT\n#pragma once\n")
set(path_of_block include/census/activation/block.hpp)

# Writes a project in which nothing is wrong: a header in no folder, one of activation with a detail, one of weights with a detail,
# one of JSON, one piece of device code; a test of each public one.
function(write_sound_project)
  file(REMOVE_RECURSE ${FOLDER})
  foreach(header token_id json activation/block activation/detail/pack weights/tensor weights/detail/pickle)
    file(WRITE ${FOLDER}/include/census/${header}.hpp "${head}#include <census/token_id.hpp>\n")
  endforeach()
  file(WRITE ${FOLDER}/include/census/cuda/kernels/count.cuh "${head}#include <cstdint>\n#include <census/cuda/kernels/platform.cuh>\n")
  file(WRITE ${FOLDER}/include/census/cuda/kernels.cu "#include <census/cuda/kernels/count.cuh>\n")
  foreach(test root/token_id root/json activation/block)
    file(WRITE ${FOLDER}/tests/${test}_test.cpp "#include <census/token_id.hpp>\n")
  endforeach()
  file(WRITE ${FOLDER}/include/census/CMakeLists.txt "census_headers(census token_id.hpp)\n# JSON\n
    census_part(json census nlohmann_json::nlohmann_json)\ncensus_headers(census_json json.hpp)\ncensus_part(weights census_json)\n")
  file(WRITE ${FOLDER}/include/census/activation/CMakeLists.txt "census_headers(census\n  block.hpp\n  detail/pack.hpp)\n")
  file(WRITE ${FOLDER}/include/census/weights/CMakeLists.txt "census_headers(census_weights tensor.hpp detail/pickle.hpp)\n")
  file(WRITE ${FOLDER}/include/census/cuda/CMakeLists.txt "census_part(cuda census CUDA::toolkit)\ncensus_part(cuda_model census_cuda)\n
    census_headers(census_cuda)\ncensus_kernels(census_cuda kernels.cu\n  kernels/count.cuh)\ncensus_headers(census_cuda_model)\n")
  file(WRITE ${FOLDER}/without_test.cmake "set(headers_without_test weights/tensor)\n")
endfunction()

# Demands that CHECK says ANSWER of the project as it is.
function(expect_answer check what answer)
  execute_process(COMMAND ${CMAKE_COMMAND} -D CHECK=${check} -D ROOT=${FOLDER} -D WITHOUT_TEST=${FOLDER}/without_test.cmake -P ${CHECKS}
    OUTPUT_VARIABLE said ERROR_VARIABLE said)
  string(REGEX REPLACE "[ \n]+" " " said "${said}")
  string(FIND "${said}" "${answer}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "${check} on ${what} should say \"${answer}\", but says: ${said}")
  endif()
endfunction()

# Demands that CHECK says ANSWER where the file PATH of the sound project holds CONTENT.
function(expect check path content answer)
  write_sound_project()
  file(WRITE ${FOLDER}/${path} "${content}")
  expect_answer(${check} ${path} "${answer}")
endfunction()

write_sound_project()
foreach(check IN ITEMS listed layered detail targets includes form tested)
  expect_answer(${check} "a sound project" "${check}: 7 headers")
endforeach()

expect(includes ${path_of_block} "${head}std::vector<int> a();" "block.hpp uses std::vector and does not include vector")
expect(includes ${path_of_block} "${head}#include <cmath>\nint a(std::ranges::range auto);" "uses std::ranges::range and does not include ranges")
expect(includes ${path_of_block} "${head}std::unheard_of a();" "uses std::unheard_of, which standard_names.cmake does not know")
expect(includes ${path_of_block} "${head}#include <string>\nint a(tbb::task_arena);" "uses tbb:: and includes nothing of tbb/")
expect(includes ${path_of_block} "${head}#include <tbb/parallel_for.h>\nint a(decltype(tbb::parallel_for));" "uses tbb::parallel_..., which leaves work out")
expect(includes ${path_of_block} "${head}// std::vector, \"std::map\"\n" "includes: 7 headers")
expect(listed include/census/activation/other.hpp "${head}" "activation/other.hpp is 0 times in the header lists")
expect(listed include/census/weights/CMakeLists.txt "census_headers(census_weights tensor.hpp tensor.hpp detail/pickle.hpp)" "tensor.hpp is 2 times")
expect(listed include/census/weights/CMakeLists.txt "census_headers(census_weights tensor.hpp # detail/pickle.hpp\n)" "pickle.hpp is 0 times")
expect(listed include/census/weights/CMakeLists.txt "census_headers(census_weights tensor.hpp detail/pickle.hpp gone.hpp)"
  "weights/gone.hpp is listed in include/census/weights/CMakeLists.txt, but there is no such header")
write_sound_project()
file(APPEND ${FOLDER}/include/census/CMakeLists.txt "census_headers(census activation/block.hpp activation/detail/pack.hpp)")
file(REMOVE ${FOLDER}/include/census/activation/CMakeLists.txt)
expect_answer(listed "a list in another folder" "block.hpp is listed in include/census/CMakeLists.txt, not in its own folder's")

expect(listed include/census/cuda/kernels/pack.cuh "${head}" "cuda/kernels/pack.cuh is 0 times in the header lists")
expect(listed include/census/cuda/more_kernels.cu "" "cuda/more_kernels.cu is 0 times in the header lists")

foreach(includes_and_answer IN ITEMS
    "<census/survey/survey.hpp>|activation does not know survey"
    "<census/cuda/block.hpp>|activation does not know cuda"
    "\"block.hpp\"|includes block.hpp: write it from census/ on")
  string(REPLACE "|" ";" pair "${includes_and_answer}")
  list(GET pair 0 include)
  list(GET pair 1 answer)
  expect(layered ${path_of_block} "${head}#include ${include}\n" "${answer}")
endforeach()
expect(layered include/census/model/a.hpp "${head}#include <census/accumulator/together.hpp>\n" "model does not know accumulator")
expect(layered include/census/report/a.hpp "${head}# include <census/survey/survey.hpp>\n" "report does not know survey")
expect(layered include/census/token_id.hpp "${head}#include <census/activation/block.hpp>\n" "a header in no folder knows no folder")
foreach(include IN ITEMS census/token_id.hpp census/activation/block.hpp vector)
  expect(layered include/census/cuda/kernels/count.cuh "${head}#include <${include}>\n"
    "cuda/kernels/count.cuh includes ${include}: device code includes device code, <cmath>, <cstddef> and <cstdint>")
endforeach()
expect(layered include/census/cuda/kernels/platform.cuh "${head}#include <cuda_fp16.h>\n" "layered: 8 headers")
expect(layered include/census/elsewhere/a.hpp "${head}" "elsewhere/a.hpp has no rule")

foreach(path IN ITEMS include/census/activation/block.hpp tests/activation/block_test.cpp examples/a.cpp)
  expect(detail ${path} "#include <census/weights/detail/pickle.hpp>\n"
    "${path} includes census/weights/detail/pickle.hpp: only include/census/weights/ and tests/weights/ may")
endforeach()
foreach(path IN ITEMS include/census/weights/tensor.hpp tests/weights/pickle_test.cpp tests/support/a.hpp bench/a.hpp)
  expect(detail ${path} "#include <census/weights/detail/pickle.hpp>\n" "detail: 7 headers")
endforeach()

foreach(path IN ITEMS include/census/weights/tensor.hpp examples/a.cpp)
  expect(detail ${path} "#include <census/cuda/kernels/count.cuh>\n" "${path} includes census/cuda/kernels/count.cuh: only include/census/cuda/ and")
endforeach()

expect(targets ${path_of_block} "${head}#include <census/weights/tensor.hpp>\n"
  "block.hpp of census includes census/weights/tensor.hpp of census_weights, which census does not link")
expect(targets ${path_of_block} "${head}#include <nlohmann/json.hpp>\n" "includes nlohmann/json.hpp, which census_json links and census does not")
expect(targets include/census/json.hpp "${head}#include <census/weights/tensor.hpp>\n" "which census_json does not link")
expect(targets include/census/weights/tensor.hpp "${head}#include <pcre2.h>\n" "which census_tokenizer links and census_weights does not")
expect(targets include/census/weights/tensor.hpp "${head}#include <census/json.hpp>\n#include <nlohmann/json.hpp>\n" "targets: 7 headers")
expect(targets ${path_of_block} "${head}#include <cuda_runtime.h>\n" "includes cuda_runtime.h, which census_cuda links and census does not")
expect(targets include/census/cuda/kernels/count.cuh "${head}#include <cublasLt.h>\n" "which census_cuda_model links and census_cuda does not")
expect(targets ${path_of_block} "${head}#define EIGEN_USE_BLAS\n" "block.hpp defines EIGEN_USE_BLAS")

string(REPEAT "// a line\n" 298 many_lines)
expect(form ${path_of_block} "#pragma once\n" "does not begin with // SPDX")
expect(form ${path_of_block} "// SPDX-License-Identifier: MIT\n" "has no #pragma once")
expect(form ${path_of_block} "${head}${many_lines}" "form: 7 headers")
expect(form ${path_of_block} "${head}${many_lines}// one more\n" "has 301 lines, more than 300")

expect(tested include/census/activation/other.hpp "${head}" "other.hpp has no test of its name, tests/activation/other_test.cpp")
expect(tested include/census/version.hpp "${head}" "version.hpp has no test of its name, tests/root/version_test.cpp")
expect(tested tests/weights/tensor_test.cpp "" "weights/tensor has a test, tests/weights/tensor_test.cpp: take it out")
expect(tested without_test.cmake "set(headers_without_test weights/tensor gone)" "gone is in ${FOLDER}/without_test.cmake, but there is no")
expect(tested tests/activation/block_test.cpp "TEST_CASE(\"one; two\") {}" "tests/activation/block_test.cpp has a title with a semicolon")
