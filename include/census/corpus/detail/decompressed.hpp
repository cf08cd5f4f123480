// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/detail/text_format.hpp>
#include <census/error.hpp>

#ifdef CENSUS_ZLIB
#include <zlib.h>
#endif
#ifdef CENSUS_ZSTD
#include <zstd.h>
#endif

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace census {

/// The content of a regular file, decompressed as it is read, in memory that does not depend on its size: gzip with
/// zlib where CENSUS_ZLIB is defined, Zstandard with libzstd where CENSUS_ZSTD is (windows up to 128 MiB). Several
/// members or frames, one after another, are one content.
class decompressed_file {
 public:
  /// Throws bad_input naming the file where it is missing, no regular file, cannot be read, or where this program was
  /// built without its compression.
  decompressed_file(std::filesystem::path const& path, text_compression compression)
      : place_(path.string()), compression_(compression) {
    std::error_code status;
    auto const kind = std::filesystem::status(path, status).type();
    if (kind == std::filesystem::file_type::not_found) throw bad_input(place_, "the file is missing");
    if (kind == std::filesystem::file_type::none) throw bad_input(place_, "cannot be read: " + status.message());
    if (kind != std::filesystem::file_type::regular) throw bad_input(place_, "is no regular file");
    errno = 0;
    file_.reset(std::fopen(path.c_str(), "rb"));
    if (file_ == nullptr) throw bad_input(place_, std::string("cannot be read: ") + std::strerror(errno));
    if (compression == text_compression::gzip) open_gzip();
    if (compression == text_compression::zstd) open_zstd();
  }

  /// Fills `into` as far as there is content; gives how much, 0 at the end. Throws bad_input naming the file where it
  /// cannot be read, is corrupt or cut short.
  std::size_t read(std::span<char> into) {
    if (compression_ == text_compression::gzip) return read_gzip(into);
    if (compression_ == text_compression::zstd) return read_zstd(into);
    return read_raw(into);
  }

 private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::size_t read_raw(std::span<char> into) {
    errno = 0;
    std::size_t const count = std::fread(into.data(), 1, into.size(), file_.get());
    if (std::ferror(file_.get())) throw bad_input(place_, std::string("cannot be read: ") + std::strerror(errno));
    return count;
  }
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
        state.avail_in = static_cast<uInt>(read_raw(buffer_));
        if (state.avail_in == 0) {
          if (!between_) cut_short("gzip");
          break;
        }
      }
      between_ = false;
      auto const room = static_cast<uInt>(std::min(into.size() - done, buffer_.size()));
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

  std::unique_ptr<inflater> gzip_;
#else
  void open_gzip() { not_built_with("zlib", ".gz"); }
  std::size_t read_gzip(std::span<char>) { return 0; }
#endif

#ifdef CENSUS_ZSTD
  struct freer {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  void open_zstd() {
    zstd_.reset(ZSTD_createDCtx());
    if (zstd_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(zstd_.get(), ZSTD_d_windowLogMax, 27);
  }

  std::size_t read_zstd(std::span<char> into) {
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    while (out.pos < out.size) {
      bool at_end = false;
      if (zstd_in_.pos == zstd_in_.size) {
        zstd_in_ = {buffer_.data(), read_raw(buffer_), 0};
        at_end = zstd_in_.size == 0;
        if (at_end && between_) break;
      }
      std::size_t const before = out.pos, result = ZSTD_decompressStream(zstd_.get(), &out, &zstd_in_);
      if (ZSTD_isError(result)) corrupt("Zstandard", ZSTD_getErrorName(result));
      between_ = result == 0;
      if (at_end && !between_ && out.pos == before) cut_short("Zstandard");
    }
    return out.pos;
  }

  std::unique_ptr<ZSTD_DCtx, freer> zstd_;
  ZSTD_inBuffer zstd_in_{nullptr, 0, 0};
#else
  void open_zstd() { not_built_with("libzstd", ".zst"); }
  std::size_t read_zstd(std::span<char>) { return 0; }
#endif

  std::string place_;
  text_compression compression_;
  std::unique_ptr<std::FILE, closer> file_;
  [[maybe_unused]] std::array<char, 1 << 16> buffer_{};  // of compressed bytes
  [[maybe_unused]] bool between_ = false;                // at the end of a member or frame
};

}  // namespace census
