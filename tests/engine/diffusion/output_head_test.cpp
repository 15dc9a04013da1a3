#include "engine/diffusion/output_head.h"

#include <ATen/ATen.h>

#include <torch/utils.h>

#include "engine/diffusion/step_numbers.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

const PaletteEntries kEntries = opaque_entries({"", {{0, 0, 0}, {255, 0, 51}, {102, 204, 255}}}, 4);

at::Tensor random_logits(std::int64_t sprites) {
  torch::manual_seed(1);
  return at::randn({sprites, 4, 5, 7}) * 3;
}

double largest_difference(const at::Tensor& x, const at::Tensor& y) { return (x - y).abs().max().item<double>(); }

}  // namespace

TEST_CASE("the entries of a palette head are transparent, where there is alpha, and the palette's colours") {
  const at::Tensor rgba =
      at::tensor({-1.0F, -1.0F, -1.0F, -1.0F, -1.0F, -1.0F, -1.0F, 1.0F, 1.0F, -1.0F, -0.6F, 1.0F, -0.2F, 0.6F, 1.0F, 1.0F})
          .view({4, 4});
  CHECK(largest_difference(entries_tensor(kEntries, 4), rgba) < 1e-6);
  const PaletteEntries opaque = opaque_entries({"", {{0, 0, 0}, {255, 0, 51}, {102, 204, 255}}}, 3);
  CHECK(largest_difference(entries_tensor(opaque, 3), rgba.narrow(0, 1, 3).narrow(1, 0, 3)) < 1e-6);
  const at::Tensor glass = entries_tensor({{51, 102, 153, 204}}, 4);
  CHECK(largest_difference(glass, at::tensor({-0.6F, -0.2F, 0.2F, 0.6F}).view({1, 4})) < 1e-6);
}

TEST_CASE("guidance on the entries' probabilities is guidance on the expected colours") {
  const OutputHead head(entries_tensor(kEntries, 4));
  const at::Tensor output = random_logits(6);
  StepNumbers numbers{};
  numbers[kGuidance] = 2.5;
  const HostArithmetic arithmetic(numbers);
  const at::Tensor colours = head.entries, expected = at::einsum("bohw,oc->bchw", {at::softmax(output, 1), colours});
  const auto halves = expected.chunk(2, 0);
  const at::Tensor wanted = halves[1] + 2.5 * (halves[0] - halves[1]);
  CHECK(largest_difference(head(guided(arithmetic, head.to_guide(output), false)), wanted) < 1e-5);
  CHECK(largest_difference(head(head.to_guide(output)), expected) < 1e-6);
}

TEST_CASE("the sharper, the nearer to the likeliest entry; at the last step it is that one to the byte") {
  const OutputHead head(entries_tensor(kEntries, 4));
  const at::Tensor p = head.to_guide(random_logits(8));
  const at::Tensor likeliest = head.entries.index({p.argmax(1)}).permute({0, 3, 1, 2});
  double before = largest_difference(head(p), likeliest);
  for (const int left : {2, 1}) {
    const double distance = (head(p, palette_sharpness(left)) - likeliest).abs().mean().item<double>();
    CHECK(distance < before);
    before = distance;
  }
  const auto sorted = std::get<0>(p.sort(1, true));
  const at::Tensor clear = (sorted.select(1, 0) > 1.2 * sorted.select(1, 1)).unsqueeze(1);  // no two as good as equal
  CHECK(clear.sum().item<std::int64_t>() > clear.numel() / 2);
  const at::Tensor off = (head(p, palette_sharpness(0)) - likeliest).abs() * 127.5 * clear;
  CHECK(off.max().item<double>() < 0.5);
  CHECK(palette_sharpness(3) == 0);
  CHECK(palette_sharpness(20) == 0);
}

TEST_CASE("an entry that is barred is not used, however likely") {
  OutputHead head(entries_tensor(kEntries, 4));
  at::Tensor output = random_logits(2);
  output.select(1, 2).fill_(50);
  head.barred = at::zeros({1, 4, 1, 1}, at::kBool);
  head.barred.select(1, 2).fill_(true);
  const at::Tensor p = head.to_guide(output);
  CHECK(p.select(1, 2).abs().max().item<double>() == 0);
  CHECK(largest_difference(p.sum(1), at::ones({2, 5, 7})) < 1e-5);
}

TEST_CASE("a sprite does not depend on where in a batch it lies") {
  const OutputHead head(entries_tensor(kEntries, 4));
  const at::Tensor output = random_logits(5);
  for (const int sharpness : {0, 1, 6}) {
    const at::Tensor all = head(head.to_guide(output), sharpness);
    for (std::int64_t i = 0; i < 5; ++i)
      CHECK(at::equal(head(head.to_guide(output.narrow(0, i, 1)), sharpness), all.narrow(0, i, 1)));
  }
}

TEST_CASE("what is no palette head reads the output as it is") {
  const OutputHead head(Prediction::kV);
  const at::Tensor output = random_logits(2);
  CHECK_FALSE(head.is_palette());
  CHECK(at::equal(head(head.to_guide(output), 3), output));
}
