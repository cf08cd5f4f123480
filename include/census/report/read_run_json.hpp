// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/document_subset.hpp>
#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/report/run_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// Reads run.json back. What it lacks stays empty or zero, what is new in it, `ngrams` and `halves` are passed
/// over; settings, domains, phases and what is told of a device come in the order of their names. Throws bad_input
/// naming the file, and the field that is none of a census.
inline run_record read_run_json(std::filesystem::path const& path) {
  auto const json = parse_json(read_file(path), path.string());
  if (!json.is_object()) throw bad_input(path.string(), "is no JSON object");
  auto const field = [&](char const* name, auto read) {
    try {
      if (auto const found = json.find(name); found != json.end()) read(*found);
    } catch (nlohmann::json::exception const&) {
      throw bad_input(path.string(), escaped_name(name) + " is not as a census writes it");
    }
  };
  auto const value = [](auto& into) { return [&into](nlohmann::json const& from) { from.get_to(into); }; };
  auto const whole = [&](nlohmann::json const& from) {
    if (!from.is_number_unsigned()) throw bad_input(path.string(), "a count is no whole number");
    return from.get<std::uint64_t>();
  };
  auto const count = [&](std::uint64_t& into) { return [&](nlohmann::json const& from) { into = whole(from); }; };
  auto const hash = [&](nlohmann::json const& from) {
    auto const digits = from.get<std::string>();
    auto const value = hash_of_digits(digits);
    if (!value) throw bad_input(path.string(), "the hash " + escaped_name(digits, 40) + " is none");
    return *value;
  };
  auto const parts = [&](nlohmann::json const& from) {
    try {
      std::optional<document_subset> all;
      for (auto const& name : from) {
        auto const one = document_subset::parse(name.get<std::string>());
        all = all ? all->joined(one) : one;
      }
      return all.value_or(document_subset());
    } catch (std::invalid_argument const& error) {
      throw bad_input(path.string(), std::string("parts of documents: ") + error.what());
    }
  };
  auto const files = [&](std::vector<run_record::file>& into) {
    return [&](nlohmann::json const& from) {
      for (auto const& one : from) {
        run_record::file file{one.at("path").get<std::string>(), one.value("domain", ""), whole(one.at("bytes")),
                              hash(one.at("fnv1a_64"))};
        if (auto const splits = one.find("splits"); splits != one.end()) file.splits = whole(*splits);
        if (auto const told = one.find("documents"); told != one.end())
          file.documents = {whole(told->at("count")), whole(told->at("first")), whole(told->at("last")),
                            parts(told->at("parts")), hash(told->at("numbering"))};
        into.push_back(std::move(file));
      }
    };
  };

  run_record run;
  field("blas", value(run.blas));
  field("model", files(run.model));
  field("texts", files(run.texts));
  field("settings", [&](nlohmann::json const& from) {
    for (auto const& [name, setting] : from.get_ref<nlohmann::json::object_t const&>())
      run.settings.emplace_back(name, setting.is_string() ? setting.get<std::string>() : setting.dump());
  });
  field("ignored", [&](nlohmann::json const& from) {
    for (auto const& kind : from) {
      auto const places = kind.at("places").get<std::vector<std::string>>();
      auto const all = std::max<std::uint64_t>(whole(kind.at("count")), places.size());
      for (std::size_t i = 0; i < places.size(); ++i)  // the first stands for those without a place
        run.ignored.add(kind.at("what").get<std::string>(), places[i], i == 0 ? all - (places.size() - 1) : 1);
    }
  });
  field("device", [&](nlohmann::json const& from) {
    for (auto const& device : from.is_array() ? from : nlohmann::json::array({from})) {
      run.devices.emplace_back();
      for (auto const& [name, figure] : device.get_ref<nlohmann::json::object_t const&>())
        run.devices.back().emplace_back(name, figure.get<std::string>());
    }
  });
  field("tokens_by_domain", [&](nlohmann::json const& from) {
    for (auto const& [name, tokens] : from.get_ref<nlohmann::json::object_t const&>())
      run.tokens_by_domain.emplace_back(name, whole(tokens));
  });
  field("documents", count(run.documents));
  field("sequences", count(run.sequences));
  field("full_sequences", count(run.full_sequences));
  field("seconds", [&](nlohmann::json const& from) {
    for (auto const& [name, seconds] : from.get_ref<nlohmann::json::object_t const&>())
      run.seconds.emplace_back(name, seconds.get<double>());
  });
  field("peak_memory_bytes", count(run.peak_memory));
  field("files", value(run.results));
  return run;
}

}  // namespace census
