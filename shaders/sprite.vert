#version 330 core
// One quad per sprite: the corner comes from the vertex's number, the rest from the instance.
layout(location = 0) in vec4 rect;   // x, y, width, height in framebuffer pixels, y down
layout(location = 1) in float layer; // below 0: an empty cell

uniform vec2 framebuffer;
uniform vec2 sprite_size; // in texels

noperspective out vec2 texel;
flat out int sprite_layer;

void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  vec2 at = (rect.xy + corner * rect.zw) / framebuffer;
  gl_Position = vec4(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
  texel = corner * sprite_size;
  sprite_layer = int(layer);
}
