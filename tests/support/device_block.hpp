// SPDX-License-Identifier: MIT
// An archetype: a backend whose firings lie elsewhere. The host cannot read them; the backend brings them over and
// counts how often.
#pragma once

#include <census/activation/block.hpp>

#include <memory>

namespace elsewhere {

struct far_firings {
  std::shared_ptr<census::packed_firings const> not_for_the_host;
};

class device_block {
 public:
  explicit device_block(census::block block)
      : layer_(block.layer()),
        text_(block.text()), firings_{std::make_shared<census::packed_firings const>(block.firings())} {}

  std::uint32_t layer() const { return layer_; }
  census::shared_text const& text() const { return text_; }
  far_firings const& firings() const { return firings_; }
  int transfers() const { return *transfers_; }

  friend census::block on_host(device_block const& block) {
    ++*block.transfers_;
    return {block.layer_, block.text_, *block.firings_.not_for_the_host};
  }

 private:
  std::uint32_t layer_;
  census::shared_text text_;
  far_firings firings_;
  std::shared_ptr<int> transfers_ = std::make_shared<int>(0);
};

}  // namespace elsewhere
