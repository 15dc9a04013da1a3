#include "engine/network/transfer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr const char* kClassTable = "class_table";  // [K + 1, E], the null condition last

// Returns how many classes were known.
int copy_class_table(const Model& from, const at::Tensor& source, const Model& to, at::Tensor& target) {
  const auto known = source.size(0) - 1;
  int taken = 0;
  for (std::size_t c = 0; c < to.classes.size(); ++c) {
    const auto found = std::find(from.classes.begin(), from.classes.end(), to.classes[c]);
    const bool is_known = found != from.classes.end();
    taken += is_known;
    target[static_cast<std::int64_t>(c)].copy_(is_known ? source[found - from.classes.begin()] : source.narrow(0, 0, known).mean(0));
  }
  target[target.size(0) - 1].copy_(source[known]);
  return taken;
}

}  // namespace

void copy_matching_weights(const Model& from, Model& to, std::vector<std::string>& notes) {
  at::NoGradGuard no_grad;
  const auto sources = from.network->named_parameters();
  auto targets = to.network->named_parameters();
  int copied = 0, classes = 0;
  for (auto& entry : targets) {
    const at::Tensor* source = sources.find(entry.key());
    if (source == nullptr) continue;
    if (entry.key() == kClassTable && source->size(1) == entry.value().size(1) && source->size(0) > 1) {
      classes = copy_class_table(from, *source, to, entry.value());
      ++copied;
    } else if (source->sizes() == entry.value().sizes()) {
      entry.value().copy_(*source);
      ++copied;
    }
  }
  if (copied == 0) {
    throw Failure(ErrorCode::kInvalidArgument, "none of the starting model's weights fit the recipe's network", "leave width, multipliers and blocks as that model has them");
  }
  notes.push_back(std::to_string(copied) + " of " + std::to_string(targets.size()) + " tensors and " + std::to_string(classes) + " of " + std::to_string(to.classes.size()) + " classes come from the starting model");
}

}  // namespace kiln
