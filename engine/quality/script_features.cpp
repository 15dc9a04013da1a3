#include "engine/quality/script_features.h"

#include <torch/script.h>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr float kBackground = 128;
constexpr std::int64_t kSide = 299;

}  // namespace

struct ScriptFeatures::Script {
  torch::jit::Module module;
  bool asks_for_features = false;  // has a parameter that says so
};

ScriptFeatures::ScriptFeatures(const std::filesystem::path& path, c10::Device device)
    : script_(std::make_unique<Script>()), name_(path.filename().string()), device_(device) {
  if (!std::filesystem::exists(path))
    throw Failure(ErrorCode::kNotFound, "there is no “" + path.string() + "”", "name a TorchScript file, or leave --features out");
  try {
    script_->module = torch::jit::load(path.string(), device);
    script_->module.eval();
    for (const auto& argument : script_->module.get_method("forward").function().getSchema().arguments())
      script_->asks_for_features = script_->asks_for_features || argument.name() == "return_features";
  } catch (const c10::Error& error) {
    throw Failure(ErrorCode::kUnsupported, "“" + path.string() + "” is no TorchScript file", "save the network with torch.jit.save",
                  error.what_without_backtrace());
  }
}

ScriptFeatures::~ScriptFeatures() = default;

at::Tensor script_pictures(const std::vector<Image>& images) {
  const int width = images.front().width, height = images.front().height;
  at::Tensor pictures = at::empty({static_cast<std::int64_t>(images.size()), 3, height, width});
  float* out = pictures.data_ptr<float>();
  for (const auto& image : images) {
    for (int c = 0; c < 3; ++c) {
      for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
        const float alpha = static_cast<float>(image.rgba[i + 3]) / 255.0F;
        *out++ = kBackground + alpha * (static_cast<float>(image.rgba[i + static_cast<std::size_t>(c)]) - kBackground);
      }
    }
  }
  return at::upsample_bilinear2d(pictures, {kSide, kSide}, false);
}

at::Tensor ScriptFeatures::features(const std::vector<Image>& images) {
  const at::NoGradGuard no_grad;
  at::Tensor result;
  std::string detail;
  try {
    std::unordered_map<std::string, c10::IValue> named;
    if (script_->asks_for_features) named["return_features"] = true;
    const c10::IValue answer = script_->module.forward({script_pictures(images).to(device_)}, named);
    if (answer.isTensor()) result = answer.toTensor().to(at::kCPU, at::kFloat);
  } catch (const c10::Error& error) {
    detail = error.what_without_backtrace();
  } catch (const std::runtime_error& error) {  // what a script itself raises
    detail = error.what();
  }
  const auto count = static_cast<std::int64_t>(images.size());
  if (!result.defined() || result.dim() < 2 || result.size(0) != count || result.numel() != count * result.size(1)) {
    throw Failure(ErrorCode::kUnsupported, "“" + name_ + "” gives no features",
                  "it must take [N, 3, 299, 299] of RGB from 0 to 255 and give [N, D]", detail);
  }
  return result.reshape({count, -1});
}

}  // namespace kiln
