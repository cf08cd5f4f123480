// SPDX-License-Identifier: MIT
// census compare: censuses side by side, layer by layer: checkpoints along a training, a model and its twin, models of
// several sizes.
#include <census/archive/whole_file.hpp>
#include <census/error.hpp>
#include <census/printable.hpp>
#include <census/recording/recording_writer.hpp>
#include <census/report/compare_censuses.hpp>
#include <census/report/is_census_file.hpp>
#include <census/report/positional_chart.hpp>
#include <census/report/wake_folder.hpp>
#include <census/survey/progress.hpp>

#include "command_line.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct compare_settings {
  std::vector<std::string> censuses, columns;
  std::string out, chart;
};

/// Where gnuplot draws the chart.
std::filesystem::path image_of(std::filesystem::path chart) { return chart.replace_extension(".svg"); }

bool is_same_path(std::filesystem::path const& a, std::filesystem::path const& b) {
  return std::filesystem::weakly_canonical(std::filesystem::absolute(a)) ==
         std::filesystem::weakly_canonical(std::filesystem::absolute(b));
}

// A figure's file that would take the place of another, or of a census's, a search's or a recording's own.
void check_outputs(compare_settings const& asked) {
  for (std::filesystem::path const path : {asked.out, asked.chart}) {
    auto const name = path.filename().string();
    auto const lies_beside = [&](char const* record) { return std::filesystem::exists(path.parent_path() / record); };
    if (census::is_census_file(name) && lies_beside("run.json"))
      throw census::bad_input(path.string(), "is a file of a census, so it is not replaced");
    if (census::wake_folder::writes(name) && lies_beside("wake.json"))
      throw census::bad_input(path.string(), "is a file of census wake, so it is not replaced");
    if (census::recording_writer::writes(name) && lies_beside("recording.json"))
      throw census::bad_input(path.string(), "is a file of a recording, so it is not replaced");
  }
  if (asked.chart.empty()) return;
  auto const image = image_of(asked.chart);
  if (is_same_path(image, asked.chart))
    throw census::bad_input(asked.chart, "would be replaced by the image that it draws; use --chart FILE.gp");
  if (asked.out.empty()) return;
  if (is_same_path(asked.out, asked.chart)) throw census::bad_input(asked.out, "is --out and --chart");
  if (is_same_path(asked.out, image)) throw census::bad_input(asked.out, "is --out and the image of --chart");
}

void compare(compare_settings const& asked) {
  check_outputs(asked);
  census::progress progress;
  progress.step("reading " + std::to_string(asked.censuses.size()) + " censuses");
  auto const censuses = census::read_censuses(asked.censuses);
  progress.finish();
  for (auto const& other : censuses)
    for (auto const& difference : census::differences(other.run, censuses.front().run))
      std::cerr << census::printable("warning: " + other.name + " beside " + censuses.front().name + ": " + difference)
                << '\n';
  auto const columns = census::columns_to_compare(censuses, asked.columns);
  std::ostringstream tables;
  for (auto const& column : columns) census::print_comparison(tables, censuses, column);

  auto const image = image_of(asked.chart).string();
  std::ostringstream chart;
  if (!asked.chart.empty())
    for (auto const& name : census::write_positional_chart(chart, censuses, image))
      std::cerr << census::printable("warning: " + asked.chart + " does not show " + name +
                                     ", which does not tell who is positional beyond chance")
                << '\n';
  if (!asked.out.empty()) {
    census::whole_file file(asked.out);
    census::write_comparison_csv(file.stream(), censuses, columns);
    file.commit();
  }
  if (!asked.chart.empty()) {
    census::whole_file file(asked.chart);
    file.stream() << chart.str();
    file.commit();
  }
  std::cout << tables.str();
  if (!asked.out.empty()) std::cout << census::printable("The figures lie in " + asked.out) << '\n';
  if (!asked.chart.empty()) std::cout << census::printable("To draw " + image + ": gnuplot " + asked.chart) << '\n';
}

}  // namespace

void add_compare(CLI::App& program) {
  auto const asked = std::make_shared<compare_settings>();
  CLI::App& command = *program.add_subcommand(
      "compare",
      "Compares censuses layer by layer: checkpoints along a training, a model and its twin, several models.");
  command
      .add_option("census", asked->censuses,
                  "Folders that census take wrote, in the order of the columns; NAME is the column's name, else the "
                  "folder's own")
      ->required()
      ->type_name("[NAME=]FOLDER");
  command.add_option("--column", asked->columns, "Also show this column of layers.csv; may be given several times")
      ->type_name("COLUMN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--out", asked->out, "Write the figures as a table, a row a census and layer")
      ->type_name("FILE.csv");
  command
      .add_option("--chart", asked->chart,
                  "Write a gnuplot script that draws every census's positional neurons by layer and mutual information")
      ->type_name("FILE.gp");
  command.footer("A figure that a census does not have is shown as -; a measure that none has is left out.\n"
                 "Example: census compare 1M=census-1M 8M=census-8M twin=census-twin --out compare.csv --chart "
                 "compare.gp");
  command.callback([asked] { compare(*asked); });
}
