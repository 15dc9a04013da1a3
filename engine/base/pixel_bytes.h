#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace kiln {

// The bytes of an image: its own, or a part of memory that it shares, such as a mapped file, until it is written to. Then they are
// copied first, so that copies of an image are cheap while nobody changes them.
class PixelBytes {
 public:
  using value_type = std::uint8_t;
  using iterator = std::uint8_t*;
  using const_iterator = const std::uint8_t*;

  PixelBytes() = default;
  PixelBytes(std::size_t count, std::uint8_t value) : own_(count, value) {}
  PixelBytes(std::vector<std::uint8_t> bytes) : own_(std::move(bytes)) {}
  PixelBytes(std::initializer_list<std::uint8_t> bytes) : own_(bytes) {}
  // `owner` keeps `bytes` where they are, and as they are.
  PixelBytes(std::span<const std::uint8_t> bytes, std::shared_ptr<const void> owner) : shared_(bytes), owner_(std::move(owner)) {}

  bool is_shared() const { return owner_ != nullptr; }
  const std::uint8_t* data() const { return owner_ ? shared_.data() : own_.data(); }
  std::size_t size() const { return owner_ ? shared_.size() : own_.size(); }
  bool empty() const { return size() == 0; }
  const_iterator begin() const { return data(); }
  const_iterator end() const { return data() + size(); }
  const std::uint8_t& operator[](std::size_t i) const { return data()[i]; }
  operator std::vector<std::uint8_t>() const { return {begin(), end()}; }

  std::uint8_t* data() { return own().data(); }
  iterator begin() { return data(); }
  iterator end() { return data() + size(); }
  std::uint8_t& operator[](std::size_t i) { return own()[i]; }

  void clear() { *this = {}; }
  void assign(std::size_t count, std::uint8_t value) { *this = PixelBytes(count, value); }
  template <std::input_iterator Iterator>
  void assign(Iterator first, Iterator last) {
    *this = PixelBytes(std::vector<std::uint8_t>(first, last));
  }
  template <std::input_iterator Iterator>
  void insert(const_iterator place, Iterator first, Iterator last) {
    const auto at = place - std::as_const(*this).begin();
    own().insert(own_.begin() + at, first, last);
  }

  friend bool operator==(const PixelBytes& a, const PixelBytes& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

 private:
  std::vector<std::uint8_t>& own() {
    if (owner_) [[unlikely]]
      take_over();
    return own_;
  }
  void take_over() {
    own_.assign(shared_.begin(), shared_.end());
    owner_ = nullptr;
  }

  std::vector<std::uint8_t> own_;         // empty while they are shared
  std::span<const std::uint8_t> shared_;  // while there is an owner
  std::shared_ptr<const void> owner_;
};

}  // namespace kiln
