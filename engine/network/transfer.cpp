#include "engine/network/transfer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/error.h"
#include "engine/pixelart/palette_map.h"

namespace kiln {
namespace {

// A parameter with a row or a column for each class.
struct ClassTable {
  std::string_view name;
  std::int64_t dimension;  // along which the classes lie
  bool null_last;          // one more after the classes, for the null condition
};
constexpr std::array kClassTables = {
    ClassTable{"class_table", 0, true},                    // kiln_unet
    ClassTable{"label_emb.weight", 0, true},               // context_unet
    ClassTable{"class_embedding.weight", 0, false},        // unet2d
    ClassTable{"contextembed1.model.0.weight", 1, false},  // sprite_unet
    ClassTable{"contextembed2.model.0.weight", 1, false},
};

// The parameters with a row for each output of the network.
constexpr std::array<std::string_view, 8> kHeads = {
    "head.weight",       "head.bias",        // kiln_unet
    "out_conv.2.weight", "out_conv.2.bias",  // context_unet
    "conv_out.weight",   "conv_out.bias",    // unet2d
    "out.3.weight",      "out.3.bias",       // sprite_unet
};

constexpr std::string_view kFrameTable = "frame_table";  // of kiln_unet, a row a frame

bool is_head(std::string_view name) { return std::find(kHeads.begin(), kHeads.end(), name) != kHeads.end(); }

// For each entry of the palette head `to`, the one of `from` that is nearest to it in OKLab and alpha.
std::vector<std::int64_t> nearest_entries(const Model& from, const Model& to) {
  std::vector<OklabAlpha> places;
  for (const Rgba8& entry : from.palette_head) places.push_back(to_oklab_alpha(entry));
  std::vector<std::int64_t> entries;
  for (const Rgba8& entry : to.palette_head) entries.push_back(static_cast<std::int64_t>(nearest(places, to_oklab_alpha(entry))));
  return entries;
}

const ClassTable* class_table(std::string_view name) {
  const auto found =
      std::find_if(kClassTables.begin(), kClassTables.end(), [&](const ClassTable& table) { return table.name == name; });
  return found == kClassTables.end() ? nullptr : &*found;
}

// Whether both tables are those of their models' classes and differ in nothing else.
bool fits(const ClassTable& table, const Model& from, const at::Tensor& source, const Model& to, const at::Tensor& target) {
  const auto other = 1 - table.dimension;
  const std::int64_t null = table.null_last ? 1 : 0;
  return source.dim() == 2 && target.dim() == 2 && source.size(other) == target.size(other) && !from.classes.empty() &&
         source.size(table.dimension) == static_cast<std::int64_t>(from.classes.size()) + null &&
         target.size(table.dimension) == static_cast<std::int64_t>(to.classes.size()) + null;
}

// Returns how many classes were known.
int copy_class_table(const ClassTable& table, const Model& from, const at::Tensor& source, const Model& to, at::Tensor& target) {
  const auto known = static_cast<std::int64_t>(from.classes.size());
  int taken = 0;
  for (std::size_t c = 0; c < to.classes.size(); ++c) {
    const auto found = std::find(from.classes.begin(), from.classes.end(), to.classes[c]);
    const bool is_known = found != from.classes.end();
    taken += is_known;
    target.select(table.dimension, static_cast<std::int64_t>(c))
        .copy_(is_known ? source.select(table.dimension, found - from.classes.begin())
                        : source.narrow(table.dimension, 0, known).mean(table.dimension));
  }
  if (table.null_last)
    target.select(table.dimension, target.size(table.dimension) - 1).copy_(source.select(table.dimension, known));
  return taken;
}

}  // namespace

void copy_matching_weights(const Model& from, Model& to, std::vector<std::string>& notes) {
  at::NoGradGuard no_grad;
  const auto sources = from.network->named_parameters();
  auto targets = to.network->named_parameters();
  int copied = 0, classes = 0;
  const bool from_palette = !from.palette_head.empty(), to_palette = !to.palette_head.empty();
  const bool heads_fit = from_palette == to_palette && (!from_palette || from.shape.channels == to.shape.channels);
  for (auto& entry : targets) {
    const at::Tensor* source = sources.find(entry.key());
    if (source == nullptr) continue;
    const ClassTable* table = class_table(entry.key());
    if (is_head(entry.key()) && !heads_fit) continue;  // what was a channel is now a colour, or what was transparent
    if (is_head(entry.key()) && to_palette) {
      const at::Tensor taken = source->index({at::tensor(nearest_entries(from, to))});
      if (taken.sizes() != entry.value().sizes()) continue;
      entry.value().copy_(taken);
      ++copied;
      continue;
    }
    if (table != nullptr && fits(*table, from, *source, to, entry.value())) {
      classes = copy_class_table(*table, from, *source, to, entry.value());
      ++copied;
    } else if (source->sizes() == entry.value().sizes()) {
      entry.value().copy_(*source);
      ++copied;
    } else if (entry.key() == kFrameTable && source->size(1) == entry.value().size(1)) {
      const std::int64_t frames = std::min(source->size(0), entry.value().size(0));
      entry.value().narrow(0, 0, frames).copy_(source->narrow(0, 0, frames));
      ++copied;
    }
  }
  const auto source_buffers = from.network->named_buffers();
  for (auto& entry : to.network->named_buffers()) {
    const at::Tensor* source = source_buffers.find(entry.key());
    if (source != nullptr && source->sizes() == entry.value().sizes()) entry.value().copy_(*source);
  }
  if (copied == 0) {
    throw Failure(ErrorCode::kInvalidArgument, "none of the starting model's weights fit the recipe's network",
                  "leave width, multipliers and blocks as that model has them");
  }
  notes.push_back(std::to_string(copied) + " of " + std::to_string(targets.size()) + " tensors and " + std::to_string(classes) +
                  " of " + std::to_string(to.classes.size()) + " classes come from the starting model");
}

}  // namespace kiln
