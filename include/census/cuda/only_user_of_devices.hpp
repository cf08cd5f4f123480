// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace census::cuda {

/// While it lives, nobody but census uses devices in this process, so that a thread need not have its device from
/// before again: where it has used none, that is card 0, which CUDA opens when it is made the current one. For
/// programs.
class only_user_of_devices {
 public:
  only_user_of_devices() { is_there_ = true; }
  only_user_of_devices(only_user_of_devices const&) = delete;
  only_user_of_devices& operator=(only_user_of_devices const&) = delete;
  ~only_user_of_devices() { is_there_ = false; }

  static bool is_there() { return is_there_; }

 private:
  inline static std::atomic<bool> is_there_ = false;
};

}  // namespace census::cuda
