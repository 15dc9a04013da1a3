#pragma once

#include <filesystem>
#include <string_view>

#include "engine/base/byte_source.h"
#include "engine/formats/npy.h"

namespace kiln {

// The only array of an .npz archive, compressed or not. Throws Failure: kUnsupported (none or several, which are named; larger than
// 1 GiB), and as zip_members and parse_npy do.
NpyArray parse_npz(const ByteSource& source, std::string_view name);

// An archive of this array alone, under that name, without compression, as numpy.savez writes it. Throws as encode_npy.
Bytes encode_npz(const NpyArray& array, std::string_view array_name);

// The array of an .npy file, or the only one of an .npz file. Throws as read_npy and parse_npz do.
NpyArray read_array(const std::filesystem::path& path);

}  // namespace kiln
