#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/file.h"
#include "engine/formats/npy.h"

namespace kiln::test {

// A `.npy` file; `dtype`: as in its header, without the order of bytes.
template <class Number>
void write_array(const std::filesystem::path& path, const std::string& dtype, std::vector<std::int64_t> shape,
                 const std::vector<Number>& values) {
  NpyArray array{dtype, std::move(shape), Bytes(values.size() * sizeof(Number))};
  std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  write_file(path, encode_npy(array));
}

}  // namespace kiln::test
