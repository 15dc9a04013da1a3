#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>

#include "engine/formats/safetensors.h"
#include "engine/formats/torch_file.h"

namespace kiln {

// A tensor of a safetensors file, copied. Throws Failure(kUnsupported) for a dtype that torch does not have here, and as the file's
// source.
at::Tensor to_tensor(const Safetensors& file, const StoredTensor& tensor);

// A tensor of a PyTorch file, copied. Throws as above.
at::Tensor to_tensor(const TorchFile& file, const TorchTensor& tensor);

// Tensors to write, kept alive with the bytes that they refer to.
class TensorsToWrite {
 public:
  // Contiguous, on the CPU, in its own dtype (float, half, bfloat16, double, int64, int32, uint8 or bool).
  void add(const std::string& name, const at::Tensor& tensor);
  Bytes encode(const std::map<std::string, std::string>& metadata) const { return encode_safetensors(metadata, views_); }

 private:
  std::map<std::string, at::Tensor> kept_;
  std::map<std::string, TensorView> views_;
};

}  // namespace kiln
