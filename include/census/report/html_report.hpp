// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/packed_text.hpp>
#include <census/report/detail/page/document.hpp>
#include <census/report/detail/page/scripts.hpp>
#include <census/report/detail/page/style.hpp>
#include <census/report/detail/page_data.hpp>
#include <census/report/detail/sha256.hpp>
#include <census/report/figure.hpp>
#include <census/report/read_census.hpp>

#include <cstddef>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace census {

/// What a report shows.
struct html_report {
  std::vector<census_record> censuses;     ///< as read_census read them; their folders are read, too
  figure_set figures = {};                 ///< paper_figures(censuses)
  std::vector<std::string> drawings = {};  ///< draw_svg of each of the figures
  std::size_t examples = 5;                ///< the most top examples a neuron
};

/// Writes a page that needs nothing but itself and a browser: what was counted on what, the figures, a table of the
/// layers, and all neurons to search, sort and look at. Whatever the censuses' files hold stands in the page as base64
/// alone, so that no text can end what it stands in; the page's script shows it as text. Its policy lets run nothing
/// but that script, and load nothing. Throws bad_input naming a file of a census that is spoiled, std::invalid_argument
/// for no census, or another number of drawings than of figures.
inline void write_html_report(std::ostream& out, html_report const& report) {
  if (report.censuses.empty()) throw std::invalid_argument("census::write_html_report: there is no census");
  if (report.drawings.size() != report.figures.figures.size())
    throw std::invalid_argument("census::write_html_report: " + std::to_string(report.drawings.size()) +
                                " drawings of " + std::to_string(report.figures.figures.size()) + " figures");
  auto const data =
      detail::pack(detail::page_data(report.censuses, report.figures, report.drawings, {.examples = report.examples}));
  std::string const script = detail::page_script();
  auto const hash = [](std::string_view text) { return "'sha256-" + detail::base64(detail::sha256(text)) + "'"; };
  auto const fill = [&](std::string_view place) {
    if (place == "policy")
      out << "default-src 'none'; img-src data:; style-src " << hash(detail::page_style) << "; script-src "
          << hash(script);
    if (place == "style") out << detail::page_style;
    if (place == "script") out << script;
    if (place == "encoding") out << data.encoding;
    if (place == "data") out << data.base64;
  };
  for (std::string_view rest = detail::page_document; !rest.empty();) {  // places are {{NAME}}
    std::size_t const open = rest.find("{{");
    out << rest.substr(0, open);
    if (open == rest.npos) break;
    std::size_t const close = rest.find("}}", open);
    fill(rest.substr(open + 2, close - open - 2));
    rest.remove_prefix(close + 2);
  }
}

}  // namespace census
