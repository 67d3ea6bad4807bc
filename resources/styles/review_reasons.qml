<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40.0" styleCategories="Symbology|Labeling|Fields|Forms" labelsEnabled="1">
 <renderer-v2 type="categorizedSymbol" attr="regexp_substr(&quot;reasons&quot;, '^([^,]+)')" symbollevels="0">
  <categories>
   <category value="low_confidence" type="string" label="Confiance faible" symbol="0" render="true" />
   <category value="small_margin" type="string" label="Deux couvertures presque aussi probables" symbol="1" render="true" />
   <category value="undecided" type="string" label="Grande part indécise" symbol="2" render="true" />
   <category value="reference_disagrees" type="string" label="Une référence dit autre chose" symbol="3" render="true" />
   <category value="missing_source" type="string" label="Aucune référence ne connaît cet objet" symbol="4" render="true" />
   <category value="use_by_default" type="string" label="Usage attribué faute de source" symbol="5" render="true" />
   <category value="merged_much" type="string" label="Fusion de nombreux petits morceaux" symbol="6" render="true" />
   <category value="suspicious_shape" type="string" label="Forme inhabituelle" symbol="7" render="true" />
   <category value="artificialisation_at_stake" type="string" label="Artificialisation en jeu" symbol="8" render="true" />
   <category value="signalement" type="string" label="Signalement du territoire" symbol="9" render="true" />
   <category value="control_error" type="string" label="Jugé faux par un contrôle" symbol="10" render="true" />
   <category value="" type="string" label="Autre motif" symbol="11" render="true" />
  </categories>
  <symbols>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="0">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="227,26,28,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="1">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="255,127,0,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="2">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="154,154,154,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="3">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="31,120,180,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="4">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="51,160,44,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="5">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="166,206,227,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="6">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="106,61,154,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="7">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="177,89,40,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="8">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="251,0,201,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="9">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="123,74,158,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="10">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="140,10,10,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="marker" alpha="1" clip_to_extent="1" force_rhr="0" name="11">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="0,0,0,255" />
      <Option type="QString" name="name" value="circle" />
      <Option type="QString" name="size" value="2.6" />
      <Option type="QString" name="size_unit" value="MM" />
      <Option type="QString" name="outline_color" value="255,255,255,255" />
      <Option type="QString" name="outline_width" value="0.4" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
  </symbols>
 </renderer-v2>
 <labeling type="simple">
  <settings calloutType="simple">
   <text-style fieldName="&quot;rank&quot;" isExpression="1" fontFamily="Open Sans" fontSize="7" fontSizeUnit="Point" textColor="20,20,20,255" namedStyle="SemiBold" fontWeight="63" useSubstitutions="0" multilineHeight="1">
    <text-buffer bufferDraw="1" bufferSize="0.7" bufferSizeUnits="MM" bufferColor="255,255,255,215" bufferOpacity="0.85" bufferNoFill="1" bufferJoinStyle="128" />
   </text-style>
   <placement placement="1" quadOffset="2" xOffset="1.1" yOffset="-0.4" offsetUnits="MM" distUnits="MM" priority="5" centroidInside="1" fitInPolygonOnly="0" />
   <rendering scaleVisibility="1" scaleMax="10000" scaleMin="0" drawLabels="1" obstacle="1" obstacleFactor="1" limitNumLabels="0" displayAll="0" fontLimitPixelSize="0" mergeLines="0" labelPerPart="0" upsidedownLabels="0" zIndex="0" />
  </settings>
 </labeling>
 <fieldConfiguration>
  <field name="proposed_cs">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.1 Zones bâties" value="CS1.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.2 Zones non bâties" value="CS1.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.1 Zones à matériaux minéraux" value="CS1.1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.2 Zones à autres matériaux composites" value="CS1.1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.1 Sols nus" value="CS1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.2 Surfaces d'eau" value="CS1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.3 Névés et glaciers" value="CS1.2.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.1 Peuplements de feuillus" value="CS2.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.2 Peuplements de conifères" value="CS2.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.3 Peuplements mixtes" value="CS2.1.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.2 Formations arbustives et sous-arbrisseaux" value="CS2.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.3 Autres formations ligneuses" value="CS2.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.1 Formations herbacées" value="CS2.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.2 Autres formations non ligneuses" value="CS2.2.2" />
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="proposed_us">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="US1.1 Agriculture" value="US1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.2 Sylviculture" value="US1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.3 Activités d'extraction" value="US1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.4 Pêche et aquaculture" value="US1.4" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.5 Autres productions primaires" value="US1.5" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US235 Production secondaire, tertiaire et usage résidentiel" value="US235" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US2 Production secondaire" value="US2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US3 Production tertiaire" value="US3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US5 Usage résidentiel" value="US5" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.1 Réseaux routiers" value="US4.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.2 Réseaux ferrés" value="US4.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.3 Réseaux aériens" value="US4.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.4 Réseaux de transport fluvial et maritime" value="US4.1.4" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.5 Autres réseaux de transport" value="US4.1.5" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.2 Services de logistique et de stockage" value="US4.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.3 Réseaux d'utilité publique" value="US4.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.1 Zones en transition" value="US6.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.2 Zones abandonnées" value="US6.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.3 Sans usage" value="US6.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.6 Usage inconnu" value="US6.6" />
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="runner_up_cs">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.1 Zones bâties" value="CS1.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.2 Zones non bâties" value="CS1.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.1 Zones à matériaux minéraux" value="CS1.1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.2 Zones à autres matériaux composites" value="CS1.1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.1 Sols nus" value="CS1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.2 Surfaces d'eau" value="CS1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.3 Névés et glaciers" value="CS1.2.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.1 Peuplements de feuillus" value="CS2.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.2 Peuplements de conifères" value="CS2.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.3 Peuplements mixtes" value="CS2.1.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.2 Formations arbustives et sous-arbrisseaux" value="CS2.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.3 Autres formations ligneuses" value="CS2.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.1 Formations herbacées" value="CS2.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.2 Autres formations non ligneuses" value="CS2.2.2" />
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="decision_cs">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.1 Zones bâties" value="CS1.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.2 Zones non bâties" value="CS1.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.1 Zones à matériaux minéraux" value="CS1.1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.2 Zones à autres matériaux composites" value="CS1.1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.1 Sols nus" value="CS1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.2 Surfaces d'eau" value="CS1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.3 Névés et glaciers" value="CS1.2.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.1 Peuplements de feuillus" value="CS2.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.2 Peuplements de conifères" value="CS2.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.3 Peuplements mixtes" value="CS2.1.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.2 Formations arbustives et sous-arbrisseaux" value="CS2.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.3 Autres formations ligneuses" value="CS2.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.1 Formations herbacées" value="CS2.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.2 Autres formations non ligneuses" value="CS2.2.2" />
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="decision_us">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="US1.1 Agriculture" value="US1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.2 Sylviculture" value="US1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.3 Activités d'extraction" value="US1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.4 Pêche et aquaculture" value="US1.4" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.5 Autres productions primaires" value="US1.5" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US235 Production secondaire, tertiaire et usage résidentiel" value="US235" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US2 Production secondaire" value="US2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US3 Production tertiaire" value="US3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US5 Usage résidentiel" value="US5" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.1 Réseaux routiers" value="US4.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.2 Réseaux ferrés" value="US4.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.3 Réseaux aériens" value="US4.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.4 Réseaux de transport fluvial et maritime" value="US4.1.4" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.5 Autres réseaux de transport" value="US4.1.5" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.2 Services de logistique et de stockage" value="US4.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.3 Réseaux d'utilité publique" value="US4.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.1 Zones en transition" value="US6.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.2 Zones abandonnées" value="US6.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.3 Sans usage" value="US6.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.6 Usage inconnu" value="US6.6" />
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias field="item_id" index="1" name="Numéro" />
  <alias field="polygon_id" index="2" name="Polygone" />
  <alias field="rank" index="3" name="Rang" />
  <alias field="priority" index="4" name="Priorité" />
  <alias field="reasons" index="5" name="Motifs" />
  <alias field="proposed_cs" index="6" name="Couverture proposée" />
  <alias field="proposed_us" index="7" name="Usage proposé" />
  <alias field="runner_up_cs" index="8" name="Deuxième couverture" />
  <alias field="confidence" index="9" name="Confiance" />
  <alias field="state" index="10" name="État" />
  <alias field="decision_cs" index="11" name="Couverture décidée" />
  <alias field="decision_us" index="12" name="Usage décidé" />
  <alias field="operator" index="13" name="Opérateur" />
  <alias field="decided_at" index="14" name="Décidé le" />
  <alias field="duration_s" index="15" name="Durée (s)" />
  <alias field="comment" index="16" name="Commentaire" />
  <alias field="sketch" index="17" name="Croquis" />
  <alias field="answer" index="18" name="Réponse du contrôleur" />
  <alias field="commune" index="19" name="Commune" />
  <alias field="holder" index="20" name="Pris par" />
  <alias field="held_until" index="21" name="Pris jusqu'à" />
 </aliases>
</qgis>
