#include <ATen/ATen.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <limits>
#include <vector>

#include "engine/network/kernels/cross_entropy.h"
#include "engine/network/kernels/elementwise_kernels.h"
#include "engine/network/kernels/isa.h"
#include "tests/support/gpu.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

const std::vector<Isa> kIsas = {Isa::kScalar, Isa::kAvx2, Isa::kAvx512, Isa::kAvx512Bf16};

// Calls f with every instruction set that this processor has.
template <class F>
void on_every_isa(const F& f) {
  for (const Isa isa : kIsas) {
    if (static_cast<int>(isa) > static_cast<int>(detected_isa())) continue;
    CAPTURE(to_string(isa));
    set_kernel_isa(isa);
    f();
  }
  set_kernel_isa(detected_isa());
}

at::Tensor activated(const at::Tensor& x, Activation f) {
  return f == Activation::kSilu ? at::silu(x) : f == Activation::kGelu ? at::gelu(x) : f == Activation::kRelu ? at::relu(x) : x;
}

}  // namespace

TEST_CASE("activations with all that may stand beside them match double precision") {
  torch::manual_seed(5);
  constexpr std::int64_t kPixels = 5;
  on_every_isa([] {
    for (const std::int64_t channels : {1, 7, 16, 37, 64}) {
      CAPTURE(channels);
      const at::Tensor x = torch::randn({kPixels, channels}) * 3, before = torch::randn_like(x), after = torch::randn_like(x);
      const at::Tensor a = torch::randn({channels}), b = torch::randn({channels}), scale = torch::randn({channels}),
                       shift = torch::randn({channels});
      for (const Activation f : {Activation::kNone, Activation::kSilu, Activation::kGelu, Activation::kRelu}) {
        for (const int with : {0, 1, 2, 4, 8, 15}) {
          const auto rows = [&](int bit, const at::Tensor& of) {
            return Rows<const float>{(with & bit) != 0 ? of.data_ptr<float>() : nullptr, channels};
          };
          const ActivationTerms<float> terms{rows(1, a).data,     rows(1, b).data,    f, rows(2, before), rows(4, after),
                                             rows(8, scale).data, rows(8, shift).data};
          at::Tensor y = torch::zeros_like(x);
          elementwise_kernels<float>(kernel_isa())
              .activate({x.data_ptr<float>(), channels}, {y.data_ptr<float>(), channels}, kPixels, channels, terms);
          at::Tensor expected = x.to(at::kDouble);
          if ((with & 1) != 0) expected = expected * a + b;
          if ((with & 2) != 0) expected = expected + before;
          expected = activated(expected, f);
          if ((with & 4) != 0) expected = expected + after;
          if ((with & 8) != 0) expected = expected * scale + shift;
          CAPTURE(static_cast<int>(f));
          CAPTURE(with);
          CHECK((y - expected).abs().max().item<double>() < 1e-5);
        }
      }
    }
  });
}

TEST_CASE("GELU holds over the whole range, and hides nothing") {
  on_every_isa([] {
    at::Tensor x = at::cat({torch::linspace(-30, 30, 4001), at::tensor({std::nanf(""), 1e30F, -1e30F})});
    at::Tensor y = torch::zeros_like(x);
    ActivationTerms<float> terms{};
    for (const Activation f : {Activation::kGelu, Activation::kRelu}) {
      terms.f = f;
      const std::int64_t count = x.numel();
      elementwise_kernels<float>(kernel_isa())
          .activate({x.data_ptr<float>(), count}, {y.data_ptr<float>(), count}, 1, count, terms);
      const at::Tensor expected = activated(x.to(at::kDouble), f);
      CHECK((y - expected).narrow(0, 0, 4001).abs().max().item<double>() < 1e-6);
      CHECK(std::isnan(y[4001].item<float>()));
      CHECK(y[4002].item<float>() == 1e30F);
      CHECK(std::abs(y[4003].item<float>()) < 1e-6F);
    }
  });
}

TEST_CASE("squares of pixels are pooled to their mean or their largest") {
  on_every_isa([] {
    for (const std::int64_t channels : {3, 16, 40}) {
      const at::Tensor x = torch::randn({1, channels, 4, 6}).contiguous(at::MemoryFormat::ChannelsLast);
      for (const bool largest : {false, true}) {
        const at::Tensor expected = largest ? at::max_pool2d(x, 2) : at::avg_pool2d(x, 2);
        std::vector<float> y(static_cast<std::size_t>(channels));
        elementwise_kernels<float>(kernel_isa())
            .pool({x.data_ptr<float>() + (2 * 6 + 4) * channels, channels}, 6 * channels, 2, channels, largest, y.data());
        for (std::int64_t c = 0; c < channels; ++c)
          CHECK(y[static_cast<std::size_t>(c)] == doctest::Approx(expected[0][c][1][2].item<float>()).epsilon(1e-5));
      }
    }
  });
}

TEST_CASE("cross-entropy and its gradient match double precision, of classes and of probabilities") {
  torch::manual_seed(6);
  on_every_isa([] {
    for (const std::int64_t channels : {1, 2, 15, 18, 257}) {
      CAPTURE(channels);
      const at::Tensor values = torch::randn({3, channels, 4, 5}) * 6 + 40;  // far from zero, where exponentials overflow
      const at::Tensor indices = torch::randint(channels, {3, 4, 5}), weights = torch::tensor({0.5F, 2.0F, -1.0F});
      for (const at::Tensor& target : {indices, at::softmax(torch::randn_like(values), 1)}) {
        const at::Tensor logits = values.clone().requires_grad_(), wide = values.to(at::kDouble).requires_grad_();
        const at::Tensor entropy = pixel_cross_entropy(logits, target);
        const at::Tensor expected =
            at::cross_entropy_loss(wide, target.dim() == 4 ? target.to(at::kDouble) : target, {}, at::Reduction::None).mean({1, 2});
        REQUIRE((entropy.sizes() == expected.sizes()));
        CHECK((entropy - expected).abs().max().item<double>() < 1e-4);
        (entropy * weights).sum().backward();
        (expected * weights).sum().backward();
        CHECK((logits.grad() - wide.grad()).abs().max().item<double>() < 1e-6);
      }
    }
  });
}

TEST_CASE("a number that is none shows in the cross-entropy of its picture alone") {
  at::Tensor logits = torch::randn({2, 20, 2, 2});
  logits[1][17][0][1] = std::numeric_limits<float>::quiet_NaN();
  const at::Tensor entropy = pixel_cross_entropy(logits, torch::zeros({2, 2, 2}, at::kLong));
  CHECK(std::isfinite(entropy[0].item<float>()));
  CHECK(std::isnan(entropy[1].item<float>()));
}

TEST_CASE("each pixel finds its nearest entry, the first among equals") {
  torch::manual_seed(7);
  const at::Tensor entries = at::cat({torch::rand({40, 4}) * 2 - 1, at::zeros({2, 4})});
  at::Tensor x = torch::rand({3, 4, 5, 6}) * 2 - 1;
  x[1].zero_();
  const at::Tensor found = nearest_entries(x, entries);
  CHECK((found[1] == 40).all().item<bool>());
  const at::Tensor distances = (x.permute({0, 2, 3, 1}).unsqueeze(3) - entries).square().sum(-1);
  CHECK((distances.gather(3, found.unsqueeze(3)).squeeze(3) - distances.amin(3)).abs().max().item<double>() < 1e-6);
}

GPU_TEST_CASE("each pixel finds its nearest entry on a GPU, too") {
  torch::manual_seed(7);
  const at::Tensor entries = at::cat({torch::rand({40, 4}) * 2 - 1, at::zeros({2, 4})});
  at::Tensor x = torch::rand({3, 4, 5, 6}) * 2 - 1;
  x[1].zero_();
  CHECK(at::equal(nearest_entries(x.cuda(), entries.cuda()).cpu(), nearest_entries(x, entries)));
}
