// SPDX-License-Identifier: MIT
// census report: a page to look at: the paper's figures of one census or several, and all neurons to search and sort.
#include <census/archive/whole_file.hpp>
#include <census/error.hpp>
#include <census/printable.hpp>
#include <census/recording/recording_writer.hpp>
#include <census/report/compare_censuses.hpp>
#include <census/report/draw_figure.hpp>
#include <census/report/html_report.hpp>
#include <census/report/is_census_file.hpp>
#include <census/report/paper_figures.hpp>
#include <census/report/wake_folder.hpp>
#include <census/survey/progress.hpp>

#include "command_line.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace {

struct report_settings {
  std::vector<std::string> censuses;
  std::string out, figures;
  std::size_t examples = 5;
};

void write_report(report_settings const& asked) {
  std::filesystem::path const out = asked.out;
  if (auto const name = out.filename().string();
      census::is_census_file(name) || census::wake_folder::writes(name) || census::recording_writer::writes(name))
    throw census::bad_input(asked.out, "has the name of a census's or a recording's own file");
  census::whole_file page(out);  // at once, so that a place that cannot be written is known before figures are drawn
  census::progress progress;
  progress.step("reading " + std::to_string(asked.censuses.size()) + " censuses");
  census::html_report shown{.censuses = census::read_censuses(asked.censuses), .examples = asked.examples};
  shown.figures = census::paper_figures(shown.censuses);
  if (!asked.figures.empty()) {  // first, so that what is in their way is known before the page is drawn
    progress.step("writing the figures");
    census::draw_figures(shown.figures.figures, asked.figures);
  }
  progress.begin("drawing", shown.figures.figures.size(), "figures");
  for (auto const& figure : shown.figures.figures) {
    shown.drawings.push_back(census::draw_svg(figure));
    progress.advance(1);
  }
  progress.step("writing the page");
  census::write_html_report(page.stream(), shown);
  page.commit();
  progress.finish();

  for (auto const& [id, title, reason] : shown.figures.omitted) {
    std::cerr << census::printable("not drawn: " + title + ": " + reason) << '\n';
    auto const earlier = std::filesystem::path(asked.figures) / (id + ".svg");
    if (std::error_code unknown; !asked.figures.empty() && std::filesystem::exists(earlier, unknown))
      std::cerr << census::printable("warning: " + earlier.string() + " is there, and not of this report") << '\n';
  }
  if (!asked.figures.empty())
    std::cout << census::printable("The figures lie in " + asked.figures + ", as SVG and PNG") << '\n';
  std::cout << census::printable("The report lies in " + asked.out + ": open it in a browser") << '\n';
}

}  // namespace

void add_report(CLI::App& program) {
  auto const asked = std::make_shared<report_settings>();
  CLI::App& command = *program.add_subcommand(
      "report", "Writes a page to look at: the paper's figures, and all neurons to search, sort and filter.");
  command
      .add_option("census", asked->censuses,
                  "Folders that census take wrote; NAME is what the census is called, else the folder's own")
      ->required()
      ->type_name("[NAME=]FOLDER");
  command.add_option("--out", asked->out, "The page: one file that needs nothing else")
      ->required()
      ->type_name("FILE.html");
  command.add_option("--figures", asked->figures, "Also write each figure as SVG and PNG into this folder")
      ->type_name("FOLDER");
  command
      .add_option("--examples", asked->examples,
                  "At most so many top examples a neuron, of a census that was taken with --examples")
      ->capture_default_str()
      ->transform(whole_number(0));
  command.footer("The page loads nothing and sends nothing; it may be opened from disk, kept and sent.\n"
                 "Figures are drawn by gnuplot.\n"
                 "Example: census report 1M=census-1M 8M=census-8M --out report.html --figures figures");
  command.callback([asked] { write_report(*asked); });
}
