#pragma once

namespace kiln {

constexpr double kMostParameters = 2.5e8;  // of a network; 1 GB in fp32

}  // namespace kiln
