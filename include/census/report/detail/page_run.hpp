// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/page_number.hpp>
#include <census/report/run_json.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// What was counted on what, as a page carries it: from run.json.
inline nlohmann::ordered_json page_run(run_record const& run) {
  using json = nlohmann::ordered_json;
  auto const pairs = [](auto const& named) {  // [[name, value], ...], for the order of names is not JavaScript's
    json all = json::array();
    for (auto const& [name, value] : named) all.push_back(json::array({name, value}));
    return all;
  };
  auto const files = [](std::vector<run_record::file> const& listed) {
    json all = json::array();
    for (auto const& file : listed)
      all.push_back({{"path", file.path}, {"domain", file.domain}, {"bytes", file.bytes}});
    return all;
  };
  json ignored = json::array(), devices = json::array(), seconds = json::array();
  for (auto const& kind : run.ignored.kinds())
    ignored.push_back({{"what", kind.what}, {"count", kind.count}, {"places", kind.places}});
  for (auto const& device : run.devices) devices.push_back(pairs(device));
  for (auto const& [phase, took] : run.seconds) seconds.push_back(json::array({phase, page_number(took, 3)}));
  return {{"model", files(run.model)},
          {"texts", files(run.texts)},
          {"settings", pairs(run.settings)},
          {"domains", pairs(run.tokens_by_domain)},
          {"documents", run.documents},
          {"sequences", run.sequences},
          {"full_sequences", run.full_sequences},
          {"blas", run.blas},
          {"devices", std::move(devices)},
          {"seconds", std::move(seconds)},
          {"peak_memory", run.peak_memory},
          {"ignored", std::move(ignored)}};
}

}  // namespace census::detail
