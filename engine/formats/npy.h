#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/file.h"

namespace kiln {

// A NumPy array: C order, little-endian.
struct NpyArray {
  std::string dtype;  // "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8", "b1"
  std::vector<std::int64_t> shape;
  Bytes bytes;
  std::size_t trailing = 0;  // bytes that followed it in its file

  std::size_t size() const;  // elements
};

// The same, of bytes that lie elsewhere.
struct NpyView {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::span<const std::uint8_t> bytes;
  std::shared_ptr<const void> owner;  // keeps them
  std::size_t trailing = 0;
};

// Bytes per element; zero for a dtype that is not in the list above.
std::size_t npy_item_size(std::string_view dtype);

// Reads the .npy format, versions 1 to 3. Fortran order and big-endian numbers are turned into C order and little-endian ones.
// `name` is what errors call the file. Throws Failure: kCorrupt (cut off, not such a file),
// kUnsupported (Python objects, text, complex numbers, structures).
NpyArray parse_npy(std::span<const std::uint8_t> bytes, std::string_view name);

// Throws as read_file and parse_npy do.
NpyArray read_npy(const std::filesystem::path& path);

// A file of at least `mapped_from` bytes is not read but mapped (see MappedFile), unless its numbers have to be put in order.
// Throws as read_npy.
inline constexpr std::size_t kMappedFrom = std::size_t{256} << 20;
NpyView view_npy(const std::filesystem::path& path, std::size_t mapped_from = kMappedFrom);

// Writes an array row by row, so that it need not fit into memory.
class NpyWriter {
 public:
  // row_shape: that of the array without its first dimension. Throws Failure: kUnwritable, kDiskFull.
  NpyWriter(std::filesystem::path path, std::string dtype, std::vector<std::int64_t> row_shape);

  // The bytes of a row, little-endian. Throws as above.
  void add(std::span<const std::uint8_t> row);
  std::int64_t rows() const { return rows_; }
  // Once, at the end: the header with the number of rows. Throws as above.
  void finish();

 private:
  void write(std::span<const std::uint8_t> bytes);

  std::filesystem::path path_;
  std::string dtype_;
  std::vector<std::int64_t> shape_;
  std::ofstream file_;
  std::int64_t rows_ = 0;
};

// Version 1.0. Throws Failure(kInvalidArgument) if bytes, dtype and shape do not fit together.
Bytes encode_npy(const NpyArray& array);

// All elements as numbers.
std::vector<double> to_doubles(const NpyArray& array);
std::vector<double> to_doubles(std::string_view dtype, std::span<const std::uint8_t> bytes);

}  // namespace kiln
