#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/image.h"

namespace kiln {

// Features by a network in a TorchScript file, such as Inception for FID. Its forward() takes fp32 [N, 3, 299, 299], RGB from 0 to
// 255: sprites over neutral grey, enlarged bilinearly; it gives [N, D] or [N, D, 1, 1]. A parameter of it called `return_features`
// is set.
class ScriptFeatures {
 public:
  // Throws Failure: kNotFound, kUnsupported.
  ScriptFeatures(const std::filesystem::path& path, c10::Device device);
  ~ScriptFeatures();

  // [N, D] fp32. Throws Failure(kUnsupported) where the script fails or gives something else.
  at::Tensor features(const std::vector<Image>& images);
  const std::string& name() const { return name_; }  // the file's

 private:
  struct Script;
  std::unique_ptr<Script> script_;
  std::string name_;
  c10::Device device_;
};

// [N, 3, 299, 299] as above.
at::Tensor script_pictures(const std::vector<Image>& images);

}  // namespace kiln
