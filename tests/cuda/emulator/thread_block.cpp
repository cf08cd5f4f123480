// SPDX-License-Identifier: MIT
#include "cuda_on_cpu.hpp"
#include "fiber.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace cuda_on_cpu {
namespace {

char const* name_of(meeting at) {
  constexpr char const* names[] = {"nothing",    "__syncthreads", "__syncwarp",   "__ballot_sync",
                                   "__any_sync", "__all_sync",    "__shfl*_sync", "__reduce*_sync"};
  return names[static_cast<std::size_t>(at)];
}

/// The threads of one block, each a fiber of this one OS thread, switched where they wait for one another.
/// Throws std::logic_error where some of them wait for ever, or lanes of one mask wait at different operations.
class thread_block {
 public:
  thread_block(dim3 size, order threads, std::mt19937& random) : size_(size), order_(threads), random_(random) {
    threads_.resize(std::size_t{size.x} * size.y * size.z);
    while (fibers_.size() < threads_.size()) fibers_.push_back(std::make_unique<fiber>());
    for (std::size_t warp = 0; warp * warp_size < threads_.size(); ++warp) warps_.push_back(warp);
    gatherings_.resize(warps_.size());
    std::shuffle(warps_.begin(), warps_.end(), random_);
  }

  void run(std::function<void()> const& body) {
    running_ = this;
    for (std::size_t i = 0; i < threads_.size(); ++i) fibers_[i]->take(body);
    try {
      for (std::size_t left = threads_.size(); left > 0;) {
        choose_ready();
        if (ready_.empty()) throw std::logic_error("deadlock: " + who_waits());
        for (std::size_t const thread : ready_)
          if (can_run(thread)) left -= resume(thread);
      }
    } catch (...) {
      fibers_.clear();  // they stand in the midst of the kernel
      running_ = nullptr;
      throw;
    }
    running_ = nullptr;
  }

  /// Called by a thread: waits until every lane of the mask is here, and gives what each brought.
  lanes const& meet_warp(unsigned mask, std::uint64_t value, meeting at) {
    thread& self = threads_[now_];
    if ((mask >> now_ % warp_size & 1u) == 0)
      throw std::logic_error(std::string(name_of(at)) + ": a lane calls with a mask that leaves it out");
    self.waits_at = at;
    self.mask = mask;
    self.value = value;
    if (all_lanes_wait(mask, at))
      hand_out(mask);
    else
      fibers_[now_]->pause();
    return self.received;
  }

  /// Called by a thread: waits until every thread of the block is here; gives the sum of what they brought.
  std::uint64_t meet_block(std::uint64_t value = 0) {
    thread& self = threads_[now_];
    self.waits_at = meeting::syncthreads;
    self.value = value;
    bool const all_here = std::all_of(threads_.begin(), threads_.end(),
                                      [](thread const& one) { return one.waits_at == meeting::syncthreads; });
    if (all_here) {
      std::uint64_t sum = 0;
      for (thread const& one : threads_) sum += one.value;
      for (thread& one : threads_) {
        one.waits_at = meeting::none;
        one.received[0] = sum;
      }
    } else {
      fibers_[now_]->pause();
    }
    return self.received[0];
  }

  unsigned lane() const { return static_cast<unsigned>(now_ % warp_size); }

  static thread_block& running() {
    if (running_ == nullptr) throw std::logic_error("device code runs outside of a kernel");
    return *running_;
  }

 private:
  struct thread {
    meeting waits_at = meeting::none;
    unsigned mask = 0;
    std::uint64_t value = 0;
    lanes received{};

    bool in_warp() const { return waits_at != meeting::none && waits_at != meeting::syncthreads; }
  };

  /// Lanes of a warp that wait for the others of a mask. There may be more such masks; these are found anew each time.
  struct gathering {
    unsigned mask = 0;
    meeting at = meeting::none;
    unsigned arrived = 0;
  };

  bool can_run(std::size_t i) const { return threads_[i].waits_at == meeting::none && !fibers_[i]->ended(); }

  void choose_ready() {
    ready_.clear();
    for (std::size_t const warp : warps_) {
      std::size_t const end = std::min<std::size_t>(threads_.size(), (warp + 1) * warp_size);
      for (std::size_t i = warp * warp_size; i < end; ++i)
        if (can_run(i)) ready_.push_back(i);
      if (order_ == order::warp_by_warp && !ready_.empty()) break;
    }
    std::shuffle(ready_.begin(), ready_.end(), random_);
  }

  /// Returns whether it has ended.
  bool resume(std::size_t i) {
    now_ = i;
    auto const flat = static_cast<unsigned>(i);
    threadIdx = {flat % size_.x, flat / size_.x % size_.y, flat / size_.x / size_.y};
    fibers_[i]->resume();
    return fibers_[i]->ended();
  }

  /// Whether the calling lane, which waits, is the last of the mask.
  bool all_lanes_wait(unsigned mask, meeting at) {
    gathering& here = gatherings_[now_ / warp_size];
    if (here.arrived != 0 && here.mask == mask && here.at == at)
      here.arrived |= 1u << now_ % warp_size;
    else if (unsigned const arrived = lanes_that_wait(mask, at); here.arrived == 0 || arrived == mask)
      here = {mask, at, arrived};
    else
      return false;
    if (here.arrived != mask) return false;
    here.arrived = 0;
    return true;
  }

  /// Which lanes of the mask wait at this operation with this mask.
  unsigned lanes_that_wait(unsigned mask, meeting at) const {
    std::size_t const warp = now_ / warp_size * warp_size;
    unsigned arrived = 0;
    for (unsigned lane = 0; lane < warp_size; ++lane) {
      if ((mask >> lane & 1u) == 0) continue;
      if (warp + lane >= threads_.size())
        throw std::logic_error(std::string(name_of(at)) + ": the mask names a lane that the block does not have");
      thread const& other = threads_[warp + lane];
      if (other.waits_at == at && other.mask == mask)
        arrived |= 1u << lane;
      else if (other.in_warp() && (other.mask >> now_ % warp_size & 1u) != 0)
        throw std::logic_error(std::string(name_of(at)) + ": another lane of the mask waits at " +
                               name_of(other.waits_at) + (other.mask != mask ? ", with another mask" : ""));
    }
    return arrived;
  }

  void hand_out(unsigned mask) {
    std::size_t const warp = now_ / warp_size * warp_size;
    lanes all{};
    for (unsigned lane = 0; lane < warp_size; ++lane)
      if ((mask >> lane & 1u) != 0) all[lane] = threads_[warp + lane].value;
    for (unsigned lane = 0; lane < warp_size; ++lane)
      if ((mask >> lane & 1u) != 0) {
        threads_[warp + lane].received = all;
        threads_[warp + lane].waits_at = meeting::none;
      }
  }

  std::string who_waits() const {
    std::size_t ended = 0;
    std::array<std::size_t, 8> waiting{};
    for (std::size_t i = 0; i < threads_.size(); ++i)
      fibers_[i]->ended() ? ++ended : ++waiting[static_cast<std::size_t>(threads_[i].waits_at)];
    std::string text = std::to_string(ended) + " threads have ended";
    for (std::size_t at = 1; at < waiting.size(); ++at)
      if (waiting[at] > 0) text += ", " + std::to_string(waiting[at]) + " wait at " + name_of(static_cast<meeting>(at));
    return text;
  }

  dim3 size_;
  order order_;
  std::mt19937& random_;
  std::vector<thread> threads_;
  std::vector<std::size_t> warps_, ready_;
  std::vector<gathering> gatherings_;  // of each warp
  std::size_t now_ = 0;

  static inline std::vector<std::unique_ptr<fiber>> fibers_;  // kept from block to block
  static inline thread_block* running_ = nullptr;
};

}  // namespace

void run_grid(dim3 grid, dim3 block, schedule const& how, std::function<void()> const& body) {
  std::mt19937 random(how.seed);
  std::vector<dim3> blocks;
  for (unsigned z = 0; z < grid.z; ++z)
    for (unsigned y = 0; y < grid.y; ++y)
      for (unsigned x = 0; x < grid.x; ++x) blocks.emplace_back(x, y, z);
  std::shuffle(blocks.begin(), blocks.end(), random);
  gridDim = grid;
  blockDim = block;
  for (dim3 const& one : blocks) {
    blockIdx = one;
    thread_block(block, how.threads, random).run(body);
  }
}

lanes const& meet_warp(unsigned mask, std::uint64_t value, meeting at) {
  return thread_block::running().meet_warp(mask, value, at);
}
std::uint64_t meet_block(std::uint64_t value) { return thread_block::running().meet_block(value); }
unsigned lane() { return thread_block::running().lane(); }

}  // namespace cuda_on_cpu
