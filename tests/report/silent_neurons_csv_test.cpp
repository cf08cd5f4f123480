// SPDX-License-Identifier: MIT
#include <census/report/silent_neurons_csv.hpp>

#include <support/catch.hpp>

#include <limits>
#include <sstream>
#include <vector>

namespace {

std::vector<census::silence_census> const layers{
    {.layer = 1,
     .neurons = 8,
     .always_on = 1,
     .could_be_dead = 2,
     .could_be_alive = 3,
     .silent = {{2, census::silence::provable, 1.5, -0.5, -0.25, 0}, {5, census::silence::broken, 0.5, 0.25, 0.75, 7}}},
    {.layer = 2,
     .neurons = 8,
     .silent = {{0, census::silence::unknown, std::numeric_limits<double>::infinity(), 0, 0, 1}}}};

}  // namespace

TEST_CASE("silent_neurons.csv has a row a silent neuron, with its verdict in words") {
  std::ostringstream out;
  census::write_silent_neurons_csv(out, layers);
  CHECK(out.str() == "layer,neuron,verdict,demanded_cosine,largest_cosine_in_text,largest_cosine,near_silences\n"
                     "1,2,provably dead,1.5,-0.5,-0.25,0\n"
                     "1,5,awakened,0.5,0.25,0.75,7\n"
                     "2,0,neither,inf,0,0,1\n");
}

TEST_CASE("the table of silent neurons counts each verdict, a line a layer") {
  std::ostringstream out;
  census::print_silence_table(out, layers);
  CHECK(out.str() ==
        "layer  neurons  silent  provably dead  awakened  neither  always on  rounding could kill  or wake\n"
        "    1        8       2              1         1        0          1                    2        3\n"
        "    2        8       1              0         0        1          0                    0        0\n");
}
