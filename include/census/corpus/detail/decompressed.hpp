// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/detail/reading_memory.hpp>
#include <census/corpus/detail/resumable_file.hpp>
#include <census/corpus/detail/text_format.hpp>
#include <census/error.hpp>

#ifdef CENSUS_ZLIB
#include <zlib.h>
#endif
#ifdef CENSUS_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// The content of a regular file, decompressed as it is read, in memory that does not depend on its size: gzip with
/// zlib where CENSUS_ZLIB is defined, Zstandard with libzstd where CENSUS_ZSTD is. Several members or frames, one after
/// another, are one content.
class decompressed_file {
 public:
  /// A Zstandard frame may use a window of at most `most_window` bytes, rounded down to a power of two. Throws
  /// bad_input naming the file where it is missing, no regular file, cannot be read, or where this program was built
  /// without its compression.
  decompressed_file(std::filesystem::path const& path, text_compression compression,
                    std::uint64_t most_window = std::uint64_t{128} << 20)
      : place_(path.string()), compression_(compression), most_window_(most_window), file_(path) {
    if (compression != text_compression::none) buffer_.resize(compressed_buffer);
    if (compression == text_compression::gzip) open_gzip();
    if (compression == text_compression::zstd) open_zstd();
  }

  /// Fills `into` as far as there is content; gives how much, 0 at the end. Throws bad_input naming the file where it
  /// cannot be read, is corrupt or cut short.
  std::size_t read(std::span<char> into) {
    if (compression_ == text_compression::gzip) return read_gzip(into);
    if (compression_ == text_compression::zstd) return read_zstd(into);
    return file_.read(into);
  }

  /// Closes the file until more of it is read; what it is decompressed with stays.
  void rest() { file_.rest(); }

  /// Size and hash of its bytes as they lie on the disk, and how many of them were read.
  std::pair<std::uint64_t, std::uint64_t> size_and_hash() { return file_.size_and_hash(); }
  std::uint64_t bytes_read() const { return file_.bytes_read(); }

  /// Bytes of memory that decompressing holds.
  std::uint64_t bytes_held() const { return buffer_.capacity() + bytes_of_state(); }

 private:
  static constexpr std::size_t compressed_buffer = 1 << 14;

  [[noreturn]] void cut_short(std::string_view kind) const {
    throw bad_input(place_, "the " + std::string(kind) + " stream is cut short");
  }
  [[noreturn]] void corrupt(std::string_view kind, char const* cause) const {
    throw bad_input(place_, "is no " + std::string(kind) + " file, or corrupt" +
                                (cause == nullptr ? "" : ": " + std::string(cause)));
  }
  [[noreturn]] void not_built_with(std::string_view library, std::string_view ending) const {
    throw bad_input(place_, "this program was built without " + std::string(library) + " and reads no " +
                                std::string(ending) + " files");
  }

#ifdef CENSUS_ZLIB
  struct inflater {
    z_stream state{};
    inflater() {
      if (inflateInit2(&state, 15 + 16) != Z_OK) throw std::bad_alloc();  // 16: gzip, and nothing else
    }
    inflater(inflater const&) = delete;
    inflater& operator=(inflater const&) = delete;
    ~inflater() { inflateEnd(&state); }
  };

  void open_gzip() { gzip_ = std::make_unique<inflater>(); }

  std::size_t read_gzip(std::span<char> into) {
    z_stream& state = gzip_->state;
    std::size_t done = 0;
    while (done < into.size()) {
      if (state.avail_in == 0) {
        state.next_in = reinterpret_cast<Bytef*>(buffer_.data());
        state.avail_in = static_cast<uInt>(file_.read(buffer_));
        if (state.avail_in == 0) {
          if (!between_) cut_short("gzip");
          break;
        }
      }
      between_ = false;
      auto const room = static_cast<uInt>(std::min<std::size_t>(into.size() - done, 1 << 30));
      state.next_out = reinterpret_cast<Bytef*>(into.data() + done);
      state.avail_out = room;
      int const result = inflate(&state, Z_NO_FLUSH);
      done += room - state.avail_out;
      if (result == Z_STREAM_END) {
        inflateReset(&state);
        between_ = true;
      } else if (result == Z_MEM_ERROR) {
        throw std::bad_alloc();
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        corrupt("gzip", state.msg);
      }
    }
    return done;
  }

  std::uint64_t bytes_of_gzip() const { return gzip_ ? 48 << 10 : 0; }  // a window of 32 KiB, and tables

  std::unique_ptr<inflater> gzip_;
#else
  void open_gzip() { not_built_with("zlib", ".gz"); }
  std::size_t read_gzip(std::span<char>) { return 0; }
  std::uint64_t bytes_of_gzip() const { return 0; }
#endif

#ifdef CENSUS_ZSTD
  struct freer {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  void open_zstd() {
    zstd_.reset(ZSTD_createDCtx());
    if (zstd_ == nullptr) throw std::bad_alloc();
    auto const bounds = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
    auto const log = static_cast<int>(std::bit_width(most_window_)) - 1;
    ZSTD_DCtx_setParameter(zstd_.get(), ZSTD_d_windowLogMax, std::clamp(log, bounds.lowerBound, bounds.upperBound));
  }

  /// The window that the first frame asks for, as its header tells it (RFC 8878, 3.1.1.1); 0 where it does not.
  std::uint64_t first_window() {
    std::array<char, 14> header{};
    if (file_.read_at(0, header) < 6) return 0;
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(header[i]); };
    bool const is_one_segment = (byte(4) & 0x20) != 0;
    std::size_t const dictionary = std::array<std::size_t, 4>{0, 1, 2, 4}[byte(4) & 3],
                      size_bytes = std::array<std::size_t, 4>{1, 2, 4, 8}[byte(4) >> 6];
    if (!is_one_segment) {
      std::uint64_t const base = std::uint64_t{1} << (10 + (byte(5) >> 3));
      return base + base / 8 * (byte(5) & 7);
    }
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < size_bytes && 5 + dictionary + i < header.size(); ++i)
      size |= std::uint64_t{byte(5 + dictionary + i)} << (8 * i);
    return size;
  }

  [[noreturn]] void refuse_window() {
    auto const mebibytes = [](std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; };
    throw reading_memory::exhausted(
        place_, "is compressed with a window of " + mebibytes(first_window()) + " (zstd --long), more than the " +
                    mebibytes(most_window_) +
                    " of memory there are to read it: give more memory, or compress it again with a shorter "
                    "window (zstd -d --long=31 -c FILE | zstd)");
  }

  std::size_t read_zstd(std::span<char> into) {
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    while (out.pos < out.size) {
      bool at_end = false;
      if (zstd_in_.pos == zstd_in_.size) {
        zstd_in_ = {buffer_.data(), file_.read(buffer_), 0};
        at_end = zstd_in_.size == 0;
        if (at_end && between_) break;
      }
      std::size_t const before = out.pos, result = ZSTD_decompressStream(zstd_.get(), &out, &zstd_in_);
      if (ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge) refuse_window();
      if (ZSTD_isError(result)) corrupt("Zstandard", ZSTD_getErrorName(result));
      between_ = result == 0;
      if (at_end && !between_ && out.pos == before) cut_short("Zstandard");
    }
    return out.pos;
  }

  std::uint64_t bytes_of_zstd() const { return zstd_ ? ZSTD_sizeof_DCtx(zstd_.get()) : 0; }

  std::unique_ptr<ZSTD_DCtx, freer> zstd_;
  ZSTD_inBuffer zstd_in_{nullptr, 0, 0};
#else
  void open_zstd() { not_built_with("libzstd", ".zst"); }
  std::size_t read_zstd(std::span<char>) { return 0; }
  std::uint64_t bytes_of_zstd() const { return 0; }
#endif

  std::uint64_t bytes_of_state() const { return bytes_of_gzip() + bytes_of_zstd(); }

  std::string place_;
  text_compression compression_;
  [[maybe_unused]] std::uint64_t most_window_;
  resumable_file file_;
  std::vector<char> buffer_;               // of compressed bytes
  [[maybe_unused]] bool between_ = false;  // at the end of a member or frame
};

}  // namespace census
