// SPDX-License-Identifier: MIT
#include <census/report/run_identity.hpp>

#include <support/catch.hpp>

#include <string>
#include <utility>
#include <vector>

TEST_CASE("a run is told by what its bytes depend on, and by nothing else") {
  census::run_record run;
  run.blas = "OpenBLAS, Haswell";
  run.model = {{"/models/tiny/model.safetensors", "", 10, 0xabc}};
  run.texts = {{"a.txt", "prose", 3, 1}, {"b.txt", "prose", 4, 2}};
  run.settings = {{"model", "/models/tiny"}, {"context", "128"}, {"memory", "1000"}, {"threads", "2"}};
  auto const told = census::run_identity(run);
  std::vector<std::pair<std::string, std::string>> const expected{
      {"library of products", "OpenBLAS, Haswell"},
      {"model: model.safetensors", "bytes of hash 0000000000000abc"},
      {"context", "128"},
      {"text 1 of 2: prose", "bytes of hash 0000000000000001"},
      {"text 2 of 2: prose", "bytes of hash 0000000000000002"}};
  CHECK(told.front().first == "version of census");
  CHECK(std::vector(told.begin() + 1, told.end()) == expected);

  auto elsewhere = run;  // on another machine's path, with other memory and threads
  elsewhere.model[0].path = "/data/model.safetensors", elsewhere.settings[0].second = "/data";
  elsewhere.settings[2].second = "5000", elsewhere.settings[3].second = "8";
  CHECK(census::run_identity(elsewhere) == told);
  elsewhere.texts[1].hash = 3;
  CHECK(census::run_identity(elsewhere) != told);
}

TEST_CASE("a run is told by as what its texts were read") {
  auto const identity = [](std::string format) {
    census::run_record run;
    run.texts = {{"w.txt", "w", 3, 1, {}, {}, std::move(format)}};
    return census::run_identity(run);
  };
  CHECK(identity("JSON lines").back() == std::pair<std::string, std::string>{"format of text 1 of 1: w", "JSON lines"});
  CHECK(identity("text") != identity("JSON lines"));
  CHECK(identity("").back().first == "text 1 of 1: w");  // it was not told
}

TEST_CASE("devices are told by their kinds, whatever their memory, and by each one's place where these differ") {
  using device = std::vector<std::pair<std::string, std::string>>;
  auto const card = [](std::string name, std::string number, std::string free) {
    return device{{"name", std::move(name)},
                  {"number", std::move(number)},
                  {"memory", "80"},
                  {"memory_used_at_most", std::move(free)},
                  {"precision", "exact"}};
  };
  auto const identity = [](std::vector<device> devices) {
    census::run_record run;
    run.devices = std::move(devices);
    return census::run_identity(run);
  };
  auto const one = identity({card("H100", "0", "72")});
  CHECK(std::vector(one.end() - 2, one.end()) == device{{"device's name", "H100"}, {"device's precision", "exact"}});
  CHECK(identity({card("H100", "3", "50")}) == one);  // another program took some of its memory
  CHECK(identity({card("H100", "0", "72"), card("H100", "1", "60")}) == one);
  CHECK(identity({card("H200", "0", "72")}) != one);

  auto const two = identity({card("H100", "0", "72"), card("H200", "1", "120")});
  CHECK(std::vector(two.end() - 4, two.end()) == device{{"device 1's name", "H100"},
                                                        {"device 1's precision", "exact"},
                                                        {"device 2's name", "H200"},
                                                        {"device 2's precision", "exact"}});
  CHECK(identity({card("H200", "0", "120"), card("H100", "1", "72")}) != two);
}
