// SPDX-License-Identifier: MIT
#include <census/npy_header.hpp>

#include <support/catch.hpp>

#include <string>
#include <string_view>

namespace {

std::string complaint(std::string_view header) {
  try {
    census::read_npy_header(header, "x.npy");
  } catch (census::bad_input const& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("an .npy header is read whatever the order of its keys") {
  auto const header =
      census::read_npy_header("{'shape': (3, 4), 'fortran_order': True, 'descr': '<u2', }          \n", "x.npy");
  CHECK(header.type == "<u2");
  CHECK(header.fortran_order);
  CHECK(header.shape == std::vector<std::uint64_t>{3, 4});
  CHECK(census::read_npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }", "x.npy").shape ==
        std::vector<std::uint64_t>{7});
  CHECK(census::read_npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "x.npy").shape.empty());
}

TEST_CASE("an .npy header that is malformed is refused") {
  std::string_view const whole = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  CHECK(complaint(whole) == "nothing");
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK(complaint(whole.substr(0, length)) == "x.npy: the .npy header is malformed");
  for (std::string_view const header :
       {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "{'descr': '<f4', 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}", "{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}",
        "{'more': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"})
    CHECK(complaint(header) == "x.npy: the .npy header is malformed");
  CHECK(complaint("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}") ==
        "x.npy: holds records, not numbers");
}

TEST_CASE("the start of an .npy file says where its header and its array lie") {
  using namespace std::string_view_literals;
  CHECK(census::read_npy_start("\x93NUMPY\1\0\x76\0{"sv, "x.npy").data_begins() == 10 + 0x76);
  CHECK(census::read_npy_start("\x93NUMPY\2\0\x76\0\0\0{"sv, "x.npy").data_begins() == 12 + 0x76);
  CHECK_THROWS_AS(census::read_npy_start("\x93NUMPZ\1\0\x76\0"sv, "x.npy"), census::bad_input);
  CHECK_THROWS_AS(census::read_npy_start("\x93NUMPY\4\0\x76\0"sv, "x.npy"), census::bad_input);
  CHECK_THROWS_AS(census::read_npy_start("\x93NUMPY\1\0\x76"sv, "x.npy"), census::bad_input);
  CHECK_THROWS_AS(census::read_npy_start("\x93NUMPY\2\0\0\0\1\0"sv, "x.npy"), census::bad_input);
}
