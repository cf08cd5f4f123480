// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/column.hpp>

#include <ios>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// Writes a table row by row: first the names of its columns, then a line a row. One buffer serves all lines.
template <class Row>
class csv_writer {
 public:
  csv_writer(std::ostream& out, columns<Row> columns) : out_(out), columns_(std::move(columns)) {
    write_line([](std::string& line, column<Row> const& one) { line += one.name; });
  }

  void write(Row const& row) {
    write_line([&](std::string& line, column<Row> const& one) { one.append_to(line, row); });
  }

 private:
  template <class Append>
  void write_line(Append const& append) {
    line_.clear();
    for (column<Row> const& one : columns_) {
      if (&one != &columns_.front()) line_ += ',';
      append(line_, one);
    }
    line_ += '\n';
    out_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
  }

  std::ostream& out_;
  columns<Row> columns_;
  std::string line_;
};

}  // namespace census::detail
