"""The description handed to Blender: meshes, materials, lamps, a fisheye, Cycles on the CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

from training.cabins.camera import SENSOR_MM, View

if TYPE_CHECKING:
    from pathlib import Path

    from training.cabins.cabin import Lamp
    from training.cabins.paint import Paint
    from training.cabins.shapes import Solid

NODES = {
    "clouds": ("ShaderNodeTexNoise", "Fac", (0.38, 0.62)),
    "checks": ("ShaderNodeTexChecker", "Fac", (0.45, 0.55)),
    "stripes": ("ShaderNodeTexWave", "Fac", (0.45, 0.55)),
    "dots": ("ShaderNodeTexVoronoi", "Distance", (0.28, 0.33)),
    "tiles": ("ShaderNodeTexBrick", "Fac", (0.45, 0.55)),
}


class Stage:
    """One Blender scene; `show` and `hide` whole things between shots."""

    def __init__(
        self,
        *,
        samples: int,
        threads: int,
        sky: float,
        look: str,
        exposure: float,
        quality: int = 92,
    ) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self._scene = bpy.context.scene
        self._materials: dict[Paint, Any] = {}
        _settings(self._scene, samples, threads)
        self._scene.render.image_settings.quality = quality
        self._scene.view_settings.view_transform = look
        self._scene.view_settings.exposure = exposure
        world = bpy.data.worlds.new("sky")
        self._scene.world = world
        world.use_nodes = True
        world.node_tree.nodes["Background"].inputs[0].default_value = (0.8, 0.85, 1, 1)
        world.node_tree.nodes["Background"].inputs[1].default_value = sky
        world.light_settings.distance = 1.5
        self._camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        self._scene.collection.objects.link(self._camera)
        self._scene.camera = self._camera

    def place(self, solid: Solid, name: str) -> Any:
        """Put a thing on stage; returns its object."""
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(solid.points().tolist(), [], solid.faces)
        mesh.polygons.foreach_set("material_index", solid.face_material)
        mesh.polygons.foreach_set("use_smooth", solid.smooth)
        for paint in solid.materials:
            mesh.materials.append(self._material(paint))  # type: ignore[arg-type]
        thing = bpy.data.objects.new(name, mesh)
        self._scene.collection.objects.link(thing)
        return thing

    def remove(self, thing: Any) -> None:
        """Take a thing off the stage."""
        mesh = thing.data
        bpy.data.objects.remove(thing)
        bpy.data.meshes.remove(mesh)

    def light(self, lamp: Lamp) -> None:
        """Hang a lamp."""
        data = bpy.data.lights.new("lamp", "AREA")
        data.energy, data.size, data.color = lamp.power, lamp.size, lamp.tint
        thing = bpy.data.objects.new("lamp", data)
        thing.location = lamp.at
        self._scene.collection.objects.link(thing)

    def shoot(self, view: View, path: Path) -> None:
        """Render one view to a JPEG."""
        self._aim(view)
        self._scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)

    def seen(self, thing: Any, points: np.ndarray, view: View) -> float:
        """The share of `points` on `thing` that the view's rays reach; beyond the frame none is."""
        where = view.project(points)
        inside = np.all((where > 0) & (where < 1), axis=1)
        bpy.context.view_layer.update()
        graph = bpy.context.evaluated_depsgraph_get()
        eye, reached = Vector(view.pose[:3, 3]), 0
        for point in points[inside]:
            ray = Vector(point) - eye
            hit, at, _, _, struck, _ = self._scene.ray_cast(
                graph, eye, ray.normalized(), distance=ray.length + 0.05
            )
            near = 0.03
            if not hit or struck.name == thing.name or (at - eye).length > ray.length - near:
                reached += 1
        return reached / max(1, len(points))

    def _aim(self, view: View) -> None:
        self._camera.matrix_world = Matrix(view.pose.tolist())
        lens = self._camera.data
        lens.type, lens.panorama_type = "PANO", "FISHEYE_EQUISOLID"
        lens.sensor_fit, lens.sensor_width = "HORIZONTAL", SENSOR_MM
        lens.sensor_height = SENSOR_MM * view.height / view.width
        lens.fisheye_lens, lens.fisheye_fov, lens.clip_start = view.focal_mm, 5.2, 0.02
        render = self._scene.render
        render.resolution_x, render.resolution_y = view.width, view.height

    def _material(self, paint: Paint) -> Any:
        if paint not in self._materials:
            self._materials[paint] = _shader(paint)
        return self._materials[paint]


def _shader(paint: Paint) -> Any:
    material = bpy.data.materials.new("paint")
    material.use_nodes = True
    tree = material.node_tree
    body = tree.nodes["Principled BSDF"]
    body.inputs["Base Color"].default_value = (*paint.colour, 1)
    body.inputs["Metallic"].default_value = paint.metal
    body.inputs["Roughness"].default_value = paint.rough
    if paint.glow:
        body.inputs["Emission Color"].default_value = (*paint.colour, 1)
        body.inputs["Emission Strength"].default_value = paint.glow
    if paint.pattern:
        kind, output, (low, high) = NODES[paint.pattern]
        texture = tree.nodes.new(kind)
        texture.inputs["Scale"].default_value = paint.scale
        ramp = tree.nodes.new("ShaderNodeValToRGB")
        for stop, at, shade in zip(
            ramp.color_ramp.elements, (low, high), (paint.colour, paint.second), strict=True
        ):
            stop.position, stop.color = at, (*shade, 1)
        where = tree.nodes.new("ShaderNodeTexCoord")
        tree.links.new(where.outputs["Object"], texture.inputs["Vector"])
        tree.links.new(
            texture.outputs[output] if output in texture.outputs else texture.outputs[0],
            ramp.inputs[0],
        )
        tree.links.new(ramp.outputs[0], body.inputs["Base Color"])
    return material


def _settings(scene: Any, samples: int, threads: int) -> None:
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.use_persistent_data = True
    render.threads_mode, render.threads = "FIXED", threads
    render.image_settings.file_format = "JPEG"
    cycles.device, cycles.samples, cycles.use_adaptive_sampling = "CPU", samples, False
    cycles.use_denoising, cycles.denoising_prefilter = True, "FAST"
    cycles.denoising_quality = "BALANCED"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 2, 1, 2
    cycles.use_fast_gi, cycles.fast_gi_method, cycles.ao_bounces_render = True, "REPLACE", 1
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_light_tree, cycles.sample_clamp_indirect = False, 4
