#pragma once

#include <cstdint>
#include <filesystem>
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

// Bytes per element; zero for a dtype that is not in the list above.
std::size_t npy_item_size(std::string_view dtype);

// Reads the .npy format, versions 1 to 3. Fortran order and big-endian numbers are turned into C order and little-endian ones.
// `name` is what errors call the file. Throws Failure: kCorrupt (cut off, not such a file),
// kUnsupported (Python objects, text, complex numbers, structures).
NpyArray parse_npy(std::span<const std::uint8_t> bytes, std::string_view name);

// Throws as read_file and parse_npy do.
NpyArray read_npy(const std::filesystem::path& path);

// Version 1.0. Throws Failure(kInvalidArgument) if bytes, dtype and shape do not fit together.
Bytes encode_npy(const NpyArray& array);

// All elements as numbers.
std::vector<double> to_doubles(const NpyArray& array);

}  // namespace kiln
