#include "engine/network/tensor_io.h"

#include <ATen/ATen.h>

#include <array>
#include <cstring>
#include <span>
#include <utility>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr std::array<std::pair<const char*, at::ScalarType>, 10> kTypes = {{{"F32", at::kFloat},
                                                                            {"F16", at::kHalf},
                                                                            {"BF16", at::kBFloat16},
                                                                            {"F64", at::kDouble},
                                                                            {"I64", at::kLong},
                                                                            {"I32", at::kInt},
                                                                            {"I16", at::kShort},
                                                                            {"I8", at::kChar},
                                                                            {"U8", at::kByte},
                                                                            {"BOOL", at::kBool}}};

at::Tensor filled(const std::string& dtype, const std::vector<std::int64_t>& shape, std::span<const std::uint8_t> bytes) {
  for (const auto& [name, type] : kTypes) {
    if (dtype != name) continue;
    at::Tensor result = at::empty(shape, at::TensorOptions().dtype(type));
    if (!bytes.empty()) std::memcpy(result.data_ptr(), bytes.data(), bytes.size());
    return result;
  }
  throw Failure(ErrorCode::kUnsupported, "a tensor of type " + dtype + " cannot be used here", "save it with 32- or 16-bit floats");
}

}  // namespace

at::Tensor to_tensor(const Safetensors& file, const StoredTensor& tensor) {
  return filled(tensor.dtype, tensor.shape, file.bytes_of(tensor));
}

at::Tensor to_tensor(const TorchFile& file, const TorchTensor& tensor) {
  return filled(tensor.dtype, tensor.shape, contiguous_bytes(*file.source, tensor));
}

void TensorsToWrite::add(const std::string& name, const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
  for (const auto& [dtype, type] : kTypes) {
    if (plain.scalar_type() != type) continue;
    kept_[name] = plain;
    views_[name] = {dtype, plain.sizes().vec(), {static_cast<const std::uint8_t*>(plain.data_ptr()), plain.nbytes()}};
    return;
  }
  throw Failure(ErrorCode::kInternal, "the tensor " + name + " cannot be written",
                "this is a defect of the program; please report it");
}

}  // namespace kiln
