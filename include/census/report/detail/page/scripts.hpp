// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/page/script_browser.hpp>
#include <census/report/detail/page/script_counted.hpp>
#include <census/report/detail/page/script_data.hpp>
#include <census/report/detail/page/script_doubts.hpp>
#include <census/report/detail/page/script_figures.hpp>
#include <census/report/detail/page/script_filters.hpp>
#include <census/report/detail/page/script_list.hpp>
#include <census/report/detail/page/script_panel.hpp>
#include <census/report/detail/page/script_plot.hpp>
#include <census/report/detail/page/script_text.hpp>

#include <string>
#include <string_view>

namespace census::detail {

/// The script of the report's page: its parts, one after another, in a scope of their own.
inline std::string page_script() {
  std::string all = "\n(() => {\n'use strict';\n";
  for (std::string_view const part : {script_text, script_data, script_counted, script_figures, script_plot,
                                      script_doubts, script_panel, script_filters, script_list, script_browser})
    all += part;
  return all + "})();\n";
}

}  // namespace census::detail
