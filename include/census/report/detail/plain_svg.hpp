// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/figure_layout.hpp>
#include <census/report/detail/shown_text.hpp>
#include <census/report/figure.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace census::detail {

/// A tag of gnuplot's SVG with what it names by id: marks (gpPt0 and so on) get the prefix, so that several drawings
/// can stand in one page; other names, which panels repeat, are taken away. Links within the drawing are of SVG 2.
inline std::string tag_of_plain_svg(std::string_view tag, std::string const& prefix) {
  std::string plain(tag);
  for (auto const quote : {'\'', '"'}) {
    std::string const name = std::string(" id=") + quote, link = std::string("xlink:href=") + quote + '#';
    if (auto const at = plain.find(name); at != std::string::npos) {
      std::size_t const value = at + name.size(), end = std::min(plain.find(quote, value), plain.size() - 1);
      if (plain.compare(value, 2, "gp") == 0)
        plain.insert(value, prefix);
      else
        plain.erase(at, end + 1 - at);
    }
    if (auto const at = plain.find(link); at != std::string::npos)
      plain.replace(at, link.size(), std::string("href=") + quote + '#' + prefix);
  }
  return plain;
}

/// What gnuplot's svg terminal drew, as an SVG of its own that holds no link but to marks within it, with the figure's
/// title and caption for those who do not see it.
inline std::string plain_svg(std::string_view drawn, figure const& one) {
  std::size_t const content = drawn.find("</desc>");
  if (content == std::string_view::npos) throw std::runtime_error("gnuplot gave no SVG");
  drawn.remove_prefix(content + std::string_view("</desc>").size());

  figure_layout const layout(one);
  std::string const width = std::to_string(layout.width()), height = std::to_string(layout.height());
  std::string plain = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
                      "\" viewBox=\"0 0 " + width + " " + height + "\" role=\"img\" aria-labelledby=\"" + one.id +
                      "_title " + one.id + "_caption\">\n<title id=\"" + one.id + "_title\">" + xml_text(one.title) +
                      "</title>\n<desc id=\"" + one.id + "_caption\">" + xml_text(one.caption) + "</desc>\n";
  while (!drawn.empty()) {
    std::size_t const begin = std::min(drawn.find('<'), drawn.size());
    plain += drawn.substr(0, begin);
    drawn.remove_prefix(begin);
    if (drawn.starts_with("<title>")) {  // names of commands, which say nothing to a reader
      std::string_view const end = "</title>";
      drawn.remove_prefix(std::min(drawn.find(end), drawn.size() - end.size()) + end.size());
      continue;
    }
    std::size_t const length = std::min(drawn.find('>'), drawn.size() - 1) + 1;
    if (!drawn.empty()) plain += tag_of_plain_svg(drawn.substr(0, length), one.id + "_");
    drawn.remove_prefix(std::min(length, drawn.size()));
  }
  return plain;
}

}  // namespace census::detail
