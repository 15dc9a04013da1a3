#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <limits>
#include <vector>

#include "engine/network/kernels/attention.h"
#include "engine/network/kernels/group_norm.h"
#include "engine/network/kernels/isa.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

struct Case {
  int64_t n, c, h, w, groups;
  bool modulated, silu, dropped = false;
};

const std::vector<Case> kCases = {
    {2, 64, 16, 16, 4, true, true},      {1, 48, 16, 16, 3, true, true},     {3, 48, 7, 5, 3, false, true},
    {1, 16, 1, 1, 1, true, true},        {2, 20, 3, 5, 5, true, true},       {1, 6, 9, 7, 2, true, false},
    {2, 100, 4, 4, 10, false, false},    {5, 128, 8, 8, 8, true, true},      {1, 1, 5, 5, 1, false, true},
    {2, 37, 3, 3, 37, true, true},       {3, 48, 8, 8, 3, true, true, true}, {2, 20, 3, 5, 5, false, true, true},
    {2, 37, 4, 4, 1, true, false, true},
};

// The set to use for the life of the object.
struct UseIsa {
  explicit UseIsa(Isa isa) { set_kernel_isa(isa); }
  ~UseIsa() { set_kernel_isa(detected_isa()); }
};

struct Inputs {
  at::Tensor x, weight, bias, scale_shift, factors, dy;
};

Inputs make_inputs(const Case& c, at::ScalarType type, double offset = 0.3) {
  torch::manual_seed(c.c * 100 + c.h);
  Inputs in;
  in.x = (torch::randn({c.n, c.c, c.h, c.w}) * 1.7 + offset).to(type).contiguous(at::MemoryFormat::ChannelsLast);
  in.weight = torch::rand({c.c}) + 0.5;
  in.bias = torch::randn({c.c}) * 0.2;
  if (c.modulated) in.scale_shift = torch::randn({c.n, 2 * c.c}) * 0.5;
  if (c.dropped) in.factors = (torch::rand({c.n, c.c}) > 0.4) * 1.25f;
  in.dy = torch::randn({c.n, c.c, c.h, c.w}).to(type).contiguous(at::MemoryFormat::ChannelsLast);
  return in;
}

// Output and gradients, in the order y, dx, dweight, dbias, dscale_shift.
std::vector<at::Tensor> fused(const Case& c, const Inputs& in) {
  std::vector<at::Tensor> leaves;
  for (const at::Tensor& t : {in.x, in.weight, in.bias, in.scale_shift}) {
    leaves.push_back(t.defined() ? t.detach().clone().requires_grad_() : t);
  }
  const at::Tensor y = group_norm_silu(leaves[0], leaves[1], leaves[2], leaves[3], c.groups, 1e-5, c.silu, in.factors);
  y.backward(in.dy);
  std::vector<at::Tensor> out{y.detach()};
  for (const at::Tensor& leaf : leaves) out.push_back(leaf.defined() ? leaf.grad() : at::Tensor());
  return out;
}

// The same by ATen in double precision.
std::vector<at::Tensor> reference(const Case& c, const Inputs& in) {
  std::vector<at::Tensor> leaves;
  for (const at::Tensor& t : {in.x, in.weight, in.bias, in.scale_shift}) {
    leaves.push_back(t.defined() ? t.detach().to(at::kDouble).contiguous().requires_grad_() : t);
  }
  at::Tensor y = at::group_norm(leaves[0], c.groups, leaves[1], leaves[2], 1e-5);
  if (c.modulated) {
    const at::Tensor m = leaves[3].view({c.n, 2, c.c, 1, 1});
    y = y * (m.select(1, 0) + 1) + m.select(1, 1);
  }
  if (c.silu) y = y * at::sigmoid(y);
  if (c.dropped) y = y * in.factors.to(at::kDouble).view({c.n, c.c, 1, 1});
  y.backward(in.dy.to(at::kDouble));
  std::vector<at::Tensor> out{y.detach()};
  for (const at::Tensor& leaf : leaves) out.push_back(leaf.defined() ? leaf.grad() : at::Tensor());
  return out;
}

// Largest difference over the largest magnitude.
double error(const at::Tensor& got, const at::Tensor& expected) {
  const double scale = std::max(expected.abs().max().item<double>(), 1e-3);
  return (got.to(at::kDouble) - expected).abs().max().item<double>() / scale;
}

void compare(const Case& c, const Inputs& in, double tolerance, double sum_tolerance) {
  const auto got = fused(c, in);
  const auto expected = reference(c, in);
  const char* const kNames[] = {"y", "dx", "dweight", "dbias", "dscale_shift"};
  for (size_t i = 0; i < got.size(); ++i) {
    if (!expected[i].defined()) continue;
    CAPTURE(kNames[i]);
    CHECK(error(got[i], expected[i]) < (i < 2 ? tolerance : sum_tolerance));
  }
}

}  // namespace

TEST_CASE("the fused norm and its gradients match double precision, on every instruction set") {
  for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512, Isa::kAvx512Bf16}) {
    if (isa > detected_isa()) continue;
    const UseIsa use(isa);
    for (const Case& c : kCases) {
      CAPTURE(to_string(isa));
      CAPTURE(c.c);
      CAPTURE(c.h);
      compare(c, make_inputs(c, at::kFloat), 2e-6, 1e-5);
      compare(c, make_inputs(c, at::kBFloat16), 1.0 / 256, 1e-5);  // one rounding of the result
    }
  }
}

TEST_CASE("a mean far from zero costs no precision") {
  for (const Isa isa : {Isa::kScalar, detected_isa()}) {
    const UseIsa use(isa);
    // At 1000 ± 1.7 an fp32 number itself is good to 6e-5.
    const Case c{2, 32, 16, 16, 2, true, true};
    compare(c, make_inputs(c, at::kFloat, 1000.0), 5e-4, 5e-4);
  }
}

TEST_CASE("SiLU holds over the whole range") {
  for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512, Isa::kAvx512Bf16}) {
    if (isa > detected_isa()) continue;
    const UseIsa use(isa);
    CAPTURE(to_string(isa));
    // The norm of ±1 is ±1 (eps 0); weights spread it over [-60, 60].
    const int64_t channels = 1024;
    const at::Tensor x = torch::tensor({1.0f, -1.0f}).view({1, 1, 2, 1}).expand({1, channels, 2, 1}).clone();
    const at::Tensor weight = torch::linspace(0, 60, channels);
    const at::Tensor y = group_norm_silu(x, weight, torch::zeros({channels}), {}, channels, 0.0, true).to(at::kDouble);
    const at::Tensor z = x.to(at::kDouble) * weight.to(at::kDouble).view({1, channels, 1, 1});
    const at::Tensor expected = z / (1 + (-z).exp());
    CHECK(((y - expected).abs() / expected.abs().clamp_min(1e-30)).max().item<double>() < 1e-6);
  }
}

TEST_CASE("a number that is none, and infinity, are not hidden") {
  for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512, Isa::kAvx512Bf16}) {
    const UseIsa use(isa);
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
      at::Tensor x = torch::ones({2, 16, 4, 4}).to(type);
      x[1][3][2][2] = std::numeric_limits<float>::quiet_NaN();
      const at::Tensor y = group_norm_silu(x, torch::ones({16}), torch::zeros({16}), {}, 1, 1e-5, true);
      CHECK(at::isfinite(y[0]).all().item<bool>());
      CHECK(at::isnan(y[1]).all().item<bool>());
    }
  }
}

TEST_CASE("a sample comes out the same alone and in a batch, and in any memory layout") {
  const Case c{6, 48, 8, 8, 3, true, true};
  const Inputs in = make_inputs(c, at::kFloat);
  const at::Tensor all = group_norm_silu(in.x, in.weight, in.bias, in.scale_shift, c.groups, 1e-5, true);
  const at::Tensor one =
      group_norm_silu(in.x.narrow(0, 4, 1), in.weight, in.bias, in.scale_shift.narrow(0, 4, 1), c.groups, 1e-5, true);
  CHECK(at::equal(all.narrow(0, 4, 1), one));
  const at::Tensor planar = group_norm_silu(in.x.contiguous(), in.weight, in.bias, in.scale_shift, c.groups, 1e-5, true);
  CHECK(at::equal(all, planar));
  CHECK(planar.is_contiguous(at::MemoryFormat::ChannelsLast));
}

TEST_CASE("analytic gradients match numeric ones") {
  // Central differences of the fused forward pass in fp32, against its own backward pass.
  const Case c{1, 8, 3, 3, 2, true, true, true};
  const Inputs in = make_inputs(c, at::kFloat);
  const auto grads = fused(c, in);
  const std::vector<at::Tensor> inputs{in.x, in.weight, in.bias, in.scale_shift};
  for (size_t which = 0; which < inputs.size(); ++which) {
    for (int64_t i = 0; i < inputs[which].numel(); i += 5) {
      const auto loss = [&](float delta) {
        std::vector<at::Tensor> moved;
        for (const at::Tensor& t : inputs) moved.push_back(t.clone());
        // Channels-last and planar indices differ; flatten in logical order.
        at::Tensor flat = moved[which].contiguous().view(-1);
        flat[i] += delta;
        moved[which] = flat.view(inputs[which].sizes());
        const at::Tensor y = group_norm_silu(moved[0], moved[1], moved[2], moved[3], c.groups, 1e-5, true, in.factors);
        return (y.to(at::kDouble) * in.dy.to(at::kDouble)).sum().item<double>();
      };
      const double numeric = (loss(0.01f) - loss(-0.01f)) / 0.02;
      const double analytic = grads[which + 1].contiguous().view(-1)[i].item<double>();
      CHECK(analytic == doctest::Approx(numeric).epsilon(0.02).scale(1.0));
    }
  }
}

TEST_CASE("other number types take the plain way, with gradients") {
  const Case c{2, 12, 3, 4, 3, true, true, true};
  Inputs in = make_inputs(c, at::kFloat);
  const auto expected = reference(c, in);
  in.x = in.x.to(at::kDouble);
  in.dy = in.dy.to(at::kDouble);
  in.weight = in.weight.to(at::kDouble);
  in.bias = in.bias.to(at::kDouble);
  in.scale_shift = in.scale_shift.to(at::kDouble);
  const auto got = fused(c, in);
  for (size_t i = 0; i < got.size(); ++i) CHECK(error(got[i], expected[i]) < 1e-12);
}

TEST_CASE("self-attention and its gradient match double precision, on every instruction set") {
  struct AttentionCase {
    int64_t samples, heads, head_channels, h, w;
  };
  for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512, Isa::kAvx512Bf16}) {
    if (isa > detected_isa()) continue;
    const UseIsa use(isa);
    for (const AttentionCase& c : {AttentionCase{2, 3, 32, 8, 8}, AttentionCase{1, 4, 32, 4, 4}, AttentionCase{3, 1, 8, 1, 1},
                                   AttentionCase{2, 2, 20, 5, 7}, AttentionCase{1, 1, 64, 16, 16}}) {
      CAPTURE(to_string(isa));
      CAPTURE(c.h);
      torch::manual_seed(c.h);
      const int64_t channels = c.heads * c.head_channels;
      for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        const at::Tensor input = (torch::randn({c.samples, 3 * channels, c.h, c.w}) * 1.5).to(type);
        const at::Tensor gradient = torch::randn({c.samples, channels, c.h, c.w}).to(type);
        std::vector<at::Tensor> results, gradients;
        for (const at::ScalarType used : {at::kDouble, type}) {
          const at::Tensor qkv = input.to(used).requires_grad_();
          const at::Tensor out = self_attention(qkv, c.heads);
          out.backward(gradient.to(used));
          results.push_back(out.detach());
          gradients.push_back(qkv.grad());
        }
        const double tolerance = type == at::kFloat ? 5e-6 : 1.0 / 256;
        CHECK(error(results[1], results[0]) < tolerance);
        CHECK(error(gradients[1], gradients[0]) < tolerance);
        const at::NoGradGuard no_grad;
        CHECK(at::equal(self_attention(input, c.heads), results[1]));
      }
    }
  }
}

TEST_CASE("self-attention is softmax over the keys") {
  // One head of one channel on two pixels, by hand: q = (1, 2), k = (0, ln 3), v = (10, 20).
  const at::Tensor qkv = torch::tensor({1.0f, 2.0f, 0.0f, std::log(3.0f), 10.0f, 20.0f}).view({1, 3, 1, 2});
  for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
    const at::Tensor out = self_attention(qkv.to(type), 1).to(at::kDouble).view(-1);
    CHECK(out[0].item<double>() == doctest::Approx(10 * 0.25 + 20 * 0.75).epsilon(1e-6));
    CHECK(out[1].item<double>() == doctest::Approx(10 * 0.1 + 20 * 0.9).epsilon(1e-6));
  }
}
