#include "engine/network/tensor_io.h"

#include <ATen/ATen.h>

#include <array>
#include <cstring>
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

}  // namespace

at::Tensor to_tensor(const Safetensors& file, const StoredTensor& tensor) {
  for (const auto& [name, type] : kTypes) {
    if (tensor.dtype != name) continue;
    at::Tensor result = at::empty(tensor.shape, at::TensorOptions().dtype(type));
    if (tensor.size > 0) std::memcpy(result.data_ptr(), file.bytes_of(tensor).data(), tensor.size);
    return result;
  }
  throw Failure(ErrorCode::kUnsupported, "a tensor of type " + tensor.dtype + " cannot be used here", "save it with 32- or 16-bit floats");
}

void TensorsToWrite::add(const std::string& name, const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
  for (const auto& [dtype, type] : kTypes) {
    if (plain.scalar_type() != type) continue;
    kept_[name] = plain;
    views_[name] = {dtype, plain.sizes().vec(), {static_cast<const std::uint8_t*>(plain.data_ptr()), plain.nbytes()}};
    return;
  }
  throw Failure(ErrorCode::kInternal, "the tensor " + name + " cannot be written", "this is a defect of the program; please report it");
}

}  // namespace kiln
