#pragma once

#include "engine/network/import/family.h"

namespace kiln {

Family context_unet_family();
Family sprite_unet_family();
Family unet2d_family();

}  // namespace kiln
