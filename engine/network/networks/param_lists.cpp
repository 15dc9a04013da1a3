#include "engine/network/networks/param_lists.h"

#include <ATen/ATen.h>

#include <string>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

std::vector<int> int_list(const ParamMap& params, std::string_view id, int low, int high) {
  constexpr std::size_t kMostLevels = 8;
  std::vector<int> numbers;
  for (const auto& part : split(get_text(params, id), ',')) {
    const auto number = parse_int(trimmed(part));
    if (!number || *number < low || *number > high || numbers.size() == kMostLevels) {
      throw Failure(ErrorCode::kInvalidArgument, "“" + get_text(params, id) + "” cannot be a network's " + std::string(id),
                    "write a whole number for each level, as 64,128,128");
    }
    numbers.push_back(static_cast<int>(*number));
  }
  return numbers;
}

void check_halvings(const NetworkShape& shape, std::size_t levels) {
  const int deepest = 1 << (levels - 1);
  if (shape.width % deepest == 0 && shape.height % deepest == 0) return;
  throw Failure(ErrorCode::kInvalidArgument,
                std::to_string(shape.width) + "×" + std::to_string(shape.height) + " sprites cannot be halved " +
                    std::to_string(levels - 1) + " times",
                "pad the sprites, as with --pad " + padded_size(shape, deepest));
}

std::string padded_size(const NetworkShape& shape, int multiple) {
  const auto up = [&](int side) { return std::to_string((side + multiple - 1) / multiple * multiple); };
  return up(shape.width) + "x" + up(shape.height);
}

double fewest_weights(const std::vector<int>& channels, int blocks) {
  double count = 0;
  for (const double c : channels) count += 9 * c * c * blocks;
  return count;
}

at::Tensor with_null_weight(const at::Tensor& condition) {
  const at::Tensor total = condition.sum(1, true);  // [B, 1]
  return at::cat({condition / at::clamp_min(total, 1.0), at::clamp_min(1.0 - total, 0.0)}, 1);
}

}  // namespace kiln
