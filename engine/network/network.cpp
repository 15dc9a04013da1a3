#include "engine/network/network.h"

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/network/networks/context_unet.h"
#include "engine/network/networks/kiln_unet.h"
#include "engine/network/networks/sprite_unet.h"
#include "engine/network/networks/unet2d.h"

namespace kiln {

const std::vector<NetworkKind>& network_kinds() {
  static const std::vector<NetworkKind> kinds = {
      kiln_unet_kind(),
      context_unet_kind(),
      sprite_unet_kind(),
      unet2d_kind(),
  };
  return kinds;
}

const NetworkKind& find_network(std::string_view id) {
  std::vector<std::string> known;
  for (const auto& kind : network_kinds()) {
    if (kind.id == id) return kind;
    known.push_back(kind.id);
  }
  throw Failure(ErrorCode::kUnsupported, "there is no network “" + std::string(id) + "”", name_hint(id, known));
}

std::int64_t parameter_count(const torch::nn::Module& module) {
  std::int64_t count = 0;
  for (const auto& parameter : module.parameters()) count += parameter.numel();
  return count;
}

}  // namespace kiln
