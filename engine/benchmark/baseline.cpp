#include "engine/benchmark/baseline.h"

#include <ATen/ATen.h>

#include <cmath>
#include <vector>

#include "engine/base/error.h"
#include "engine/inference/cpu_plan.h"
#include "engine/network/networks/kiln_unet.h"

namespace kiln {
namespace {

struct ConvolutionCall {
  const ConvImpl* conv;
  std::vector<std::int64_t> input;  // its shape
};

// One forward pass.
struct BaselinePass {
  at::Tensor embedding;
  std::vector<ConvolutionCall>* calls = nullptr;  // where to note the convolutions, if anywhere

  at::Tensor convolve(const ConvImpl& conv, const at::Tensor& x) const {
    if (calls) calls->push_back({&conv, x.sizes().vec()});
    return at::conv2d(x, conv.weight.contiguous(), conv.bias, conv.stride, conv.padding);
  }

  at::Tensor normalise(const NormImpl& norm, const at::Tensor& x) const {
    return at::group_norm(x, norm.groups, norm.weight, norm.bias, kNormEps);
  }

  at::Tensor block(const ResBlockImpl& block, const at::Tensor& x) const {
    at::Tensor h = convolve(*block.conv1, at::silu(normalise(*block.norm1, x)));
    const auto modulation =
        at::linear(embedding, block.modulation->weight, block.modulation->bias).unsqueeze(-1).unsqueeze(-1).chunk(2, 1);
    h = at::silu(normalise(*block.norm2, h) * (modulation[0] + 1) + modulation[1]);
    h = at::feature_dropout(h, block.dropout, block.is_training());
    return convolve(*block.conv2, h) + (block.shortcut.is_empty() ? x : convolve(*block.shortcut, x));
  }

  at::Tensor attend(const AttentionImpl& attention, const at::Tensor& x) const {
    const auto batch = x.size(0), channels = x.size(1), tokens = x.size(2) * x.size(3), head_channels = channels / attention.heads;
    const at::Tensor mixed =
        convolve(*attention.qkv, normalise(*attention.norm, x)).view({batch, 3, attention.heads, head_channels, tokens});
    const at::Tensor q = mixed.select(1, 0), k = mixed.select(1, 1), v = mixed.select(1, 2);  // [B, heads, head_channels, tokens]
    const at::Tensor weights = at::softmax(at::matmul(q.transpose(2, 3), k) / std::sqrt(static_cast<double>(head_channels)), -1);
    const at::Tensor attended = at::matmul(v, weights.transpose(2, 3)).reshape({batch, channels, x.size(2), x.size(3)});
    return x + convolve(*attention.project, attended);
  }

  at::Tensor stage(const KilnUnet::Stage& stage, const at::Tensor& x) const {
    const at::Tensor h = block(*stage.block, x);
    return stage.attention.is_empty() ? h : attend(*stage.attention, h);
  }

  at::Tensor run(const KilnUnet& network, const at::Tensor& x) const {
    at::Tensor h = convolve(*network.stem, x);
    std::vector<at::Tensor> skips;
    for (const auto& level : network.levels) {
      for (const auto& part : level.down) skips.push_back(h = stage(part, h));
      if (!level.shrink.is_empty()) h = convolve(*level.shrink, h);
    }
    h = block(*network.middle_end, stage(network.middle, h));
    for (std::size_t l = network.levels.size(); l-- > 0;) {
      for (const auto& part : network.levels[l].up) {
        h = stage(part, at::cat({h, skips.back()}, 1));
        skips.pop_back();
      }
      if (l > 0) h = at::upsample_nearest2d(h, {h.size(2) * 2, h.size(3) * 2});
    }
    return convolve(*network.head, at::silu(normalise(*network.head_norm, h)));
  }
};

KilnUnet& kiln_unet(Network& network) {
  auto* const unet = dynamic_cast<KilnUnet*>(&network);
  if (!unet) {
    throw Failure(ErrorCode::kUnsupported, "only a Kiln U-Net's training can be measured", "choose a model with that network");
  }
  return *unet;
}

class BaselineDenoiser : public Denoiser {
 public:
  BaselineDenoiser(const Model& model, c10::Device device)
      : network_(baseline_network(model)), steps_(model.diffusion.schedule.length) {
    network_->to(device);
  }

  void begin(const std::vector<double>& timesteps, const at::Tensor& condition, const at::Tensor& negative) override {
    timesteps_ = timesteps;
    condition_ = condition;
    negative_ = negative;
  }

  at::Tensor evaluate(const at::Tensor& x, int step, bool guided) override {
    const at::NoGradGuard no_grad;
    const at::Tensor t = at::full({x.size(0)}, timesteps_[static_cast<std::size_t>(step)] / steps_, x.options());
    condition_ = condition_.to(x.device());
    negative_ = negative_.to(x.device());
    const at::Tensor conditional = baseline_forward(*network_, x, t, condition_);
    return guided ? at::cat({conditional, baseline_forward(*network_, x, t, negative_)}) : conditional;
  }

 private:
  std::shared_ptr<Network> network_;
  double steps_;
  std::vector<double> timesteps_;
  at::Tensor condition_, negative_;
};

std::function<void()> libtorch_convolutions(const Model& model, bool bf16, int pictures, bool training) {
  const at::NoGradGuard no_grad;
  std::vector<ConvolutionCall> calls;
  KilnUnet& network = kiln_unet(*model.network);
  const at::Tensor t = at::full({1}, 0.5), condition = at::zeros({1, model.shape.classes + model.shape.frames});
  BaselinePass{network.embedding(t, condition), &calls}.run(
      network, at::zeros({1, model.shape.channels, model.shape.height, model.shape.width}));

  struct Ready {
    at::Tensor x, weight, bias, gradient;
    std::vector<std::int64_t> stride, padding;
  };
  std::vector<Ready> ready;
  const auto type = bf16 ? at::kBFloat16 : at::kFloat;
  for (const ConvolutionCall& call : calls) {
    std::vector<std::int64_t> shape = call.input;
    shape[0] = pictures;
    Ready r;
    r.x = at::randn(shape).to(type).contiguous(at::MemoryFormat::ChannelsLast);
    r.weight = call.conv->weight.detach().to(type).contiguous(at::MemoryFormat::ChannelsLast);
    r.bias = call.conv->bias.detach().to(type);
    r.stride = {call.conv->stride, call.conv->stride};
    r.padding = {call.conv->padding, call.conv->padding};
    r.gradient = at::randn_like(at::conv2d(r.x, r.weight, r.bias, r.stride, r.padding));
    ready.push_back(std::move(r));
  }
  return [ready = std::move(ready), training] {
    const at::NoGradGuard guard;
    for (const Ready& r : ready) {
      at::conv2d(r.x, r.weight, r.bias, r.stride, r.padding);
      if (!training) continue;
      at::convolution_backward(r.gradient, r.x, r.weight, at::IntArrayRef{r.weight.size(0)}, r.stride, r.padding, {1, 1}, false,
                               {0, 0}, 1, {true, true, true});
    }
  };
}

}  // namespace

at::Tensor baseline_forward(Network& network, const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) {
  auto* const unet = dynamic_cast<KilnUnet*>(&network);
  return unet ? BaselinePass{unet->embedding(t, condition)}.run(*unet, x) : network.forward(x, t, condition);
}

std::shared_ptr<Network> baseline_network(const Model& model) {
  const at::NoGradGuard no_grad;
  auto network = find_network(model.network_id).make(model.shape, model.network_params);
  const auto copy = [](const auto& from, const auto& to) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i].set_data(from[i].detach().clone(at::MemoryFormat::Contiguous));
  };
  copy(model.network->parameters(), network->parameters());
  copy(model.network->buffers(), network->buffers());
  network->eval();
  return network;
}

std::unique_ptr<Denoiser> make_baseline_denoiser(const Model& model, c10::Device device) {
  return std::make_unique<BaselineDenoiser>(model, device);
}

std::function<void()> convolutions_only(const Model& model, bool bf16, int pictures, bool training) {
#if SPRITEKILN_ONEDNN
  if (!training) {
    const auto plan = std::make_shared<CpuPlan>(model.network->graph(), model.shape, CpuPlanOptions{bf16, false});
    const std::shared_ptr<PlanWorkspace> workspace = plan->make_workspace();
    return [plan, workspace, pictures] {
      for (int i = 0; i < pictures; ++i) plan->run_convolutions(*workspace);
    };
  }
#endif
  return libtorch_convolutions(model, bf16, pictures, training);
}

}  // namespace kiln
